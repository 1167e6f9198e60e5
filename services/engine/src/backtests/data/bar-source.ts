import { createHash, type Hash } from 'node:crypto';
import { formatCsvBars, type Bar } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import { BarSeries } from '@aistock/trading/bars';
import type { MarketStream } from '../../market-stream.ts';

/** Bars of all streams of a run that are held in memory at once: 48 bytes each, and text where float64 does not do. */
export const BARS_MAX = 2_000_000;

/** Which bars of a stream a run wants. */
export interface BarRange {
  /** So many bars before `fromMs` as well, where there are so many. */
  readonly warmUpBars: number;
  /** The first bar that is traded opens then or later. */
  readonly fromMs: number;
  /** The last bar has closed by then, and nothing that was learned later is used. */
  readonly toMs: number;
}

/** Where streams and their bars come from. */
export interface BarSource {
  /** @throws ServiceError `stream_unknown`. */
  find(stream: string): Promise<MarketStream>;
  bars(stream: MarketStream, range: BarRange): AsyncIterable<readonly Bar[]>;
}

export interface LoadedBars {
  readonly series: BarSeries;
  /** Of the bars as CSV: the same bars have the same hash. */
  readonly sha256: string;
}

/** Counts what a run holds. */
export class BarBudget {
  #left = BARS_MAX;

  /** @throws ServiceError `bars_too_many`. */
  take(bars: number): void {
    this.#left -= bars;
    if (this.#left >= 0) return;
    throw new ServiceError(
      'bars_too_many',
      422,
      `the run wants more than ${BARS_MAX} bars; take a shorter range`,
      {
        fields: [{ field: 'from_ms', message: `must leave at most ${BARS_MAX} bars in all streams` }],
      },
    );
  }
}

/** @throws ServiceError `bars_missing` where the stream has none in the range. */
export async function loadBars(
  source: BarSource,
  stream: MarketStream,
  range: BarRange,
  budget: BarBudget,
): Promise<LoadedBars> {
  const series = new BarSeries();
  const hash = createHash('sha256');
  for await (const bars of source.bars(stream, range)) {
    budget.take(bars.length);
    for (const bar of bars) series.push(bar);
    hashBars(hash, bars);
  }
  const newestMs = series.length === 0 ? -Infinity : series.openMs[series.length - 1]!;
  if (newestMs >= range.fromMs) return { series, sha256: hash.digest('hex') };
  throw new ServiceError(
    'bars_missing',
    422,
    `${stream.id} has no bars from ${iso(range.fromMs)} to ${iso(range.toMs)}; ` +
      `fetch them with ./scripts/ingest --since ${iso(range.fromMs).slice(0, 10)} --stream ${stream.id}`,
    { fields: [{ field: 'from_ms', message: 'must be in a time that the stream has bars of' }] },
  );
}

const iso = (ms: number): string => new Date(ms).toISOString();

function hashBars(hash: Hash, bars: readonly Bar[]): void {
  const csv = formatCsvBars(bars);
  hash.update(csv.slice(csv.indexOf('\n') + 1));
}
