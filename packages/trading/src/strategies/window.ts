import type { PriceBar } from '@aistock/market';

/**
 * Indicators of the newest bars of a window. Each reads a fixed number of bars and carries nothing over (unlike Wilder's
 * smoothing), so that its value does not depend on where the window begins.
 */

/** Arithmetic mean of the last `count` closes. */
export function meanClose(bars: readonly PriceBar[], count: number): number {
  let sum = 0;
  for (let index = bars.length - count; index < bars.length; index++) sum += at(bars, index).close;
  return sum / count;
}

/** The highest high of the `count` bars before the newest one. */
export function highestHighBefore(bars: readonly PriceBar[], count: number): number {
  let highest = -Infinity;
  for (let index = bars.length - 1 - count; index < bars.length - 1; index++) {
    highest = Math.max(highest, at(bars, index).high);
  }
  return highest;
}

/**
 * Mean true range of the last `count` bars, in price units. The true range is Wilder's (New Concepts in Technical Trading
 * Systems, 1978): the largest of high - low, |high - previous close| and |low - previous close|.
 */
export function meanTrueRange(bars: readonly PriceBar[], count: number): number {
  let sum = 0;
  for (let index = bars.length - count; index < bars.length; index++) {
    const bar = at(bars, index);
    const closeBefore = at(bars, index - 1).close;
    sum += Math.max(bar.high, closeBefore) - Math.min(bar.low, closeBefore);
  }
  return sum / count;
}

/** The newest bar. */
export function newest(bars: readonly PriceBar[]): PriceBar {
  return at(bars, bars.length - 1);
}

function at(bars: readonly PriceBar[], index: number): PriceBar {
  const bar = bars[index];
  if (bar === undefined) throw new RangeError(`a window of ${bars.length} bars has no bar ${index}`);
  return bar;
}
