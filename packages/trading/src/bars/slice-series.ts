import { BarSeries } from './bar-series.ts';

const COLUMNS = ['openMs', 'open', 'high', 'low', 'close', 'volume'] as const;

/** The bars from one index up to, and without, another; the columns are views, nothing is copied. */
export function sliceSeries(series: BarSeries, from: number, to: number): BarSeries {
  if (from === 0 && to === series.length) return series;
  const sliced = { length: to - from } as Record<(typeof COLUMNS)[number], Float64Array> & { length: number };
  for (const name of COLUMNS) sliced[name] = series[name].subarray(from, to);
  const texts = [...series.texts].filter(([index]) => index >= from && index < to);
  return BarSeries.ofColumns(sliced, new Map(texts.map(([index, bar]) => [index - from, bar])));
}
