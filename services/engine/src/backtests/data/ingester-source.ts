import { barPages, findStream, warmUpBars, type MarketStream } from '../../market-stream.ts';
import type { Neighbours } from '../../neighbours.ts';
import type { BarRange, BarSource } from './bar-source.ts';

/** What data_ingester gives at once. */
const WARM_UP_BARS_MAX = 5_000;

/** Bars of data_ingester, as they were known at the end of the range. */
export function ingesterSource(neighbours: Neighbours): BarSource {
  return {
    find: (stream) => findStream(neighbours, stream),
    bars: (stream, range) => pages(neighbours, stream, range),
  };
}

async function* pages(neighbours: Neighbours, stream: MarketStream, range: BarRange) {
  const { warmUpBars: wanted, fromMs, toMs } = range;
  const limit = Math.min(wanted, WARM_UP_BARS_MAX);
  if (limit > 0) yield await warmUpBars(neighbours, stream, { beforeMs: fromMs, asOfMs: toMs, limit });
  yield* barPages(neighbours, stream, { fromMs, asOfMs: toMs });
}
