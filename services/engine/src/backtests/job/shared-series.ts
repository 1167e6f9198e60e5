import type { Bar } from '@aistock/market';
import { BarSeries, type BarColumns } from '@aistock/trading/bars';

const COLUMNS = ['openMs', 'open', 'high', 'low', 'close', 'volume'] as const;

/** A series as it goes to worker threads: columns in memory that all threads share, nothing is copied on the way. */
export interface SharedSeries {
  readonly columns: BarColumns;
  /** Bars whose decimals float64 does not hold, by index. */
  readonly texts: ReadonlyMap<number, Bar>;
}

export function shareSeries(series: BarSeries): SharedSeries {
  const { length } = series;
  const shared = { length } as Record<(typeof COLUMNS)[number], Float64Array> & { length: number };
  for (const name of COLUMNS) {
    shared[name] = new Float64Array(new SharedArrayBuffer(8 * length));
    shared[name].set(series[name].subarray(0, length));
  }
  return { columns: shared, texts: series.texts };
}

export function seriesOf({ columns, texts }: SharedSeries): BarSeries {
  return BarSeries.ofColumns(columns, texts);
}
