import type { BarView } from '../../bars/index.ts';

/** Closes of two instruments at the same times, oldest first. */
export interface PairedCloses {
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/**
 * The closes among the last `count` bars of each for which both have a bar. Counting bars back would pair different times
 * where one of them lacks one. Undefined while their newest bars are not of one time.
 */
export function pairCloses(first: BarView, second: BarView, count: number): PairedCloses | undefined {
  if (first.openMs(0) !== second.openMs(0)) return undefined;
  const firsts = new Float64Array(count);
  const seconds = new Float64Array(count);
  let filled = 0;
  let firstAgo = 0;
  let secondAgo = 0;
  while (firstAgo < count && secondAgo < count) {
    const apartMs = first.openMs(firstAgo) - second.openMs(secondAgo);
    if (apartMs === 0) {
      filled++;
      firsts[count - filled] = first.close(firstAgo);
      seconds[count - filled] = second.close(secondAgo);
    }
    if (apartMs >= 0) firstAgo++;
    if (apartMs <= 0) secondAgo++;
  }
  return { first: firsts.subarray(count - filled), second: seconds.subarray(count - filled) };
}
