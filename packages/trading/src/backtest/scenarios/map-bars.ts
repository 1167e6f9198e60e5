import type { Bar } from '@aistock/market';
import { BarSeries, type BarColumns } from '../../bars/index.ts';

/** Prices and volumes of a bar as float64. */
export interface Prices {
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** More digits than any price has; what is beyond is noise of float64 and would be no decimal that a venue takes. */
const DIGITS = 12;
const COLUMNS = ['openMs', 'open', 'high', 'low', 'close', 'volume'] as const;
const rounded = (value: number): number => Number(value.toPrecision(DIGITS));

/**
 * The same times with other prices. `change` is called once for each bar, in order, with the bar and the one before it as
 * they were; its answer is rounded to 12 significant digits.
 */
export function mapBars(
  series: BarSeries,
  change: (bar: Prices, index: number, before: Prices | undefined) => Prices,
): BarSeries {
  const length = series.length;
  const columns = emptyColumns(length);
  columns.openMs.set(series.openMs.subarray(0, length));
  let before: Prices | undefined;
  for (let index = 0; index < length; index++) {
    const bar = pricesAt(series, index);
    const changed = change(bar, index, before);
    columns.open[index] = rounded(changed.open);
    columns.high[index] = rounded(changed.high);
    columns.low[index] = rounded(changed.low);
    columns.close[index] = rounded(changed.close);
    columns.volume[index] = rounded(changed.volume);
    before = bar;
  }
  return BarSeries.ofColumns(columns);
}

/** Only the bars that are to be kept, as they were. */
export function keepBars(series: BarSeries, isKept: (index: number) => boolean): BarSeries {
  const columns = emptyColumns(series.length);
  const texts = new Map<number, Bar>();
  let length = 0;
  for (let index = 0; index < series.length; index++) {
    if (!isKept(index)) continue;
    for (const name of COLUMNS) columns[name][length] = series[name][index]!;
    const text = series.texts.get(index);
    if (text) texts.set(length, text);
    length++;
  }
  return BarSeries.ofColumns({ ...columns, length }, texts);
}

function pricesAt(series: BarColumns, index: number): Prices {
  return {
    open: series.open[index]!,
    high: series.high[index]!,
    low: series.low[index]!,
    close: series.close[index]!,
    volume: series.volume[index]!,
  };
}

function emptyColumns(length: number): BarColumns {
  const column = () => new Float64Array(length);
  return {
    length,
    openMs: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
}
