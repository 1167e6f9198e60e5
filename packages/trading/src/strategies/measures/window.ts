import type { BarView } from '../../bars/index.ts';

/**
 * Indicators of the newest bars. Each reads a fixed number of bars and carries nothing over (unlike Wilder's smoothing), so
 * that its value does not depend on where a series begins. A view that is too short throws a RangeError.
 */

/** Arithmetic mean of `count` closes, of which the newest is `ago` bars old. */
export function meanClose(bars: BarView, count: number, ago = 0): number {
  return sumOfCloses(bars, count, ago) / count;
}

/** Sum of `count` closes, of which the newest is `ago` bars old; the oldest is added first. */
export function sumOfCloses(bars: BarView, count: number, ago = 0): number {
  let sum = 0;
  for (let index = ago + count - 1; index >= ago; index--) sum += bars.close(index);
  return sum;
}

/** Sample standard deviation, n - 1, of the `count` closes before the newest one, around their mean. */
export function closeDeviation(bars: BarView, count: number, mean: number): number {
  let squares = 0;
  for (let ago = 1; ago <= count; ago++) squares += (bars.close(ago) - mean) ** 2;
  return Math.sqrt(squares / (count - 1));
}

/** The highest high of the `count` bars before the newest one. */
export function highestHighBefore(bars: BarView, count: number): number {
  let highest = -Infinity;
  for (let ago = 1; ago <= count; ago++) highest = Math.max(highest, bars.high(ago));
  return highest;
}

/** Whether one of the `count` bars before the newest one reached a price; it looks no further than the first that did. */
export function wasReachedBefore(bars: BarView, count: number, price: number): boolean {
  for (let ago = 1; ago <= count; ago++) if (bars.high(ago) >= price) return true;
  return false;
}

/**
 * Mean true range of the last `count` bars, in price units. The true range is Wilder's (New Concepts in Technical Trading
 * Systems, 1978): the largest of high - low, |high - previous close| and |low - previous close|.
 */
export function meanTrueRange(bars: BarView, count: number): number {
  let sum = 0;
  let closeBefore = bars.close(count);
  for (let ago = count - 1; ago >= 0; ago--) {
    sum += Math.max(bars.high(ago), closeBefore) - Math.min(bars.low(ago), closeBefore);
    closeBefore = bars.close(ago);
  }
  return sum / count;
}
