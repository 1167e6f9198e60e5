import type { Bar } from '@aistock/market';
import type { Bar as WireBar } from '@aistock/shared';
import { findStream, type MarketStream } from '../../market-stream.ts';
import type { Neighbours } from '../../neighbours.ts';
import type { BarRange, BarSource } from './bar-source.ts';

const BARS_PER_PAGE = 5_000;

/** Bars of data_ingester, as they were known at the end of the range. */
export function ingesterSource(neighbours: Neighbours): BarSource {
  return {
    find: (stream) => findStream(neighbours, stream),
    bars: (stream, range) => pages(neighbours, stream, range),
  };
}

async function* pages(
  neighbours: Neighbours,
  stream: MarketStream,
  range: BarRange,
): AsyncGenerator<readonly Bar[], void> {
  if (range.warmUpBars > 0) yield await barsBefore(neighbours, stream, range);
  let next: number | null = range.fromMs;
  while (next !== null) {
    const page: { bars: WireBar[]; next_from_ms: number | null } = await neighbours.ingester.bars({
      query: {
        stream: stream.id,
        from_ms: String(next),
        as_of_ms: String(range.toMs),
        limit: String(BARS_PER_PAGE),
      },
    });
    yield page.bars.map(fromWire);
    next = page.next_from_ms;
  }
}

async function barsBefore(
  { ingester }: Neighbours,
  stream: MarketStream,
  { warmUpBars, fromMs, toMs }: BarRange,
): Promise<Bar[]> {
  const { bars } = await ingester.bars({
    query: {
      stream: stream.id,
      to_ms: String(fromMs),
      as_of_ms: String(toMs),
      newest: 'true',
      limit: String(Math.min(warmUpBars, BARS_PER_PAGE)),
    },
  });
  return bars.map(fromWire);
}

function fromWire({ open_ms: openMs, ...prices }: WireBar): Bar {
  return { openMs, ...prices };
}
