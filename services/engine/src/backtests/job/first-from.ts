import type { BarSeries } from '@aistock/trading/bars';

/** The index of the first bar that opens at this time or later. */
export function firstFrom({ openMs, length }: BarSeries, ms: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (openMs[middle]! < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
