import { countExpectedBars, expectedOpens, type BarSchedule } from '../calendar.ts';

/** A run of bars that the calendar expects and that are not there. */
export interface Gap {
  /** Open time of the first missing bar, Unix ms. */
  readonly fromMs: number;
  /** Open time of the next bar that is there, Unix ms. */
  readonly toMs: number;
  readonly missingBars: number;
}

/**
 * The runs of expected bars that are missing between the bars that are there; nothing is filled. What is missing before
 * the first and after the last bar is not told. Of a source that makes no bar without trades a gap means just that, so
 * the number is the same and its meaning is not: see `qualityVerdict`.
 * @throws RangeError where the open times do not strictly ascend.
 */
export function findGaps(openMsSorted: ArrayLike<number>, schedule: BarSchedule): Gap[] {
  const gaps: Gap[] = [];
  for (let i = 1; i < openMsSorted.length; i++) {
    const previousMs = openMsSorted[i - 1]!;
    const toMs = openMsSorted[i]!;
    if (!(previousMs < toMs)) throw new RangeError(`open times must ascend, got ${toMs} after ${previousMs}`);
    const missingBars = countExpectedBars(previousMs + 1, toMs, schedule);
    const fromMs = expectedOpens(previousMs + 1, toMs, schedule).next().value;
    if (fromMs !== undefined) gaps.push({ fromMs, toMs, missingBars });
  }
  return gaps;
}
