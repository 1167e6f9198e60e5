import type { BarSchedule } from '../calendar.ts';
import { findGaps, type Gap } from './gaps.ts';

/** What is left of a gap after some of its bars came, and what is no longer missing. */
export interface SplitGap {
  readonly open: readonly Gap[];
  /** One for each run of bars that came. */
  readonly filled: readonly Gap[];
}

/**
 * Cuts a gap at the bars that came for it.
 * @param opens - their open times, ascending, on the calendar and inside the gap.
 */
export function splitGap(gap: Gap, opens: readonly number[], schedule: BarSchedule): SplitGap {
  // A millisecond before the gap stands for the bar before it: nothing is expected in between.
  const open = findGaps([gap.fromMs - 1, ...opens, gap.toMs], schedule);
  const filled: Gap[] = [];
  let next = 0;
  for (const toMs of [...open.map(({ fromMs }) => fromMs), gap.toMs]) {
    const run = opens.slice(next).filter((openMs) => openMs < toMs);
    next += run.length;
    if (run.length > 0) filled.push({ fromMs: run[0]!, toMs, missingBars: run.length });
  }
  return { open, filled };
}
