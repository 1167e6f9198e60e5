import type { MeanDifference } from '../statistics/mean-difference.ts';

/** What a mean difference must exceed: a margin, and so many of its own standard errors. */
export function beyondError(
  difference: MeanDifference | null | undefined,
  standardErrors: number,
  margin: number,
): number {
  return Math.max(margin, standardErrors * (difference?.standardError ?? 0));
}
