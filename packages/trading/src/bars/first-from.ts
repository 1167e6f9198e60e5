import type { BarColumns } from './bar-series.ts';

/** The index of the first bar that opens at this time or later. */
export function firstFrom({ openMs, length }: BarColumns, ms: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (openMs[middle]! < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
