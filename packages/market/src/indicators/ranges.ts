import type { PriceBar } from '../bar.ts';
import { wilder } from './smoothing.ts';
import { rolling } from './windows.ts';

type HighLowClose = Pick<PriceBar, 'high' | 'low' | 'close'>;

/** Wilder's true range: the greatest of high - low, |high - previous close|, |low - previous close|. */
export function trueRangeOf({ high, low }: Pick<PriceBar, 'high' | 'low'>, previousClose: number): number {
  return Math.max(high - low, Math.abs(high - previousClose), Math.abs(low - previousClose));
}

/** {@link trueRangeOf} of each bar. NaN at index 0. */
export function trueRange(bars: readonly HighLowClose[]): Float64Array {
  const out = new Float64Array(bars.length).fill(Number.NaN);
  for (let i = 1; i < bars.length; i++) out[i] = trueRangeOf(bars[i]!, bars[i - 1]!.close);
  return out;
}

/** Wilder's average true range, seeded by the mean of the first `period` true ranges. First value at index `period`. */
export function atr(bars: readonly HighLowClose[], period: number): Float64Array {
  return wilder(trueRange(bars), period, 1);
}

export interface DonchianChannel {
  readonly upper: Float64Array;
  readonly middle: Float64Array;
  readonly lower: Float64Array;
}

/**
 * Highest high and lowest low of the last `period` bars, the newest included; so a breakout compares a close with the
 * channel of the bar before. First value at index `period - 1`.
 */
export function donchian(bars: readonly Pick<PriceBar, 'high' | 'low'>[], period: number): DonchianChannel {
  const upper = rolling(bars.length, period, (from, to) => {
    let highest = -Infinity;
    for (let i = from; i < to; i++) highest = Math.max(highest, bars[i]!.high);
    return highest;
  });
  const lower = rolling(bars.length, period, (from, to) => {
    let lowest = Infinity;
    for (let i = from; i < to; i++) lowest = Math.min(lowest, bars[i]!.low);
    return lowest;
  });
  return { upper, lower, middle: upper.map((value, i) => (value + lower[i]!) / 2) };
}

/**
 * Volume-weighted mean of the typical price (high + low + close) / 3 over the last `period` bars; NaN where the window
 * has no volume. First value at index `period - 1`.
 */
export function vwap(
  bars: readonly Pick<PriceBar, 'high' | 'low' | 'close' | 'volume'>[],
  period: number,
): Float64Array {
  return rolling(bars.length, period, (from, to) => {
    let value = 0;
    let volume = 0;
    for (let i = from; i < to; i++) {
      const bar = bars[i]!;
      value += ((bar.high + bar.low + bar.close) / 3) * bar.volume;
      volume += bar.volume;
    }
    return volume > 0 ? value / volume : Number.NaN;
  });
}
