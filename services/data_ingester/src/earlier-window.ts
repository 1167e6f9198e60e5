import { countExpectedBars, type BarSchedule } from '@aistock/market';

/**
 * Where a request for the bars right before a time begins: as early as the calendar expects at most so many bars, and
 * not before `sinceMs`. Times are Unix ms UTC.
 */
export function earlierWindowStart(
  range: { readonly sinceMs: number; readonly beforeMs: number },
  barsMax: number,
  schedule: BarSchedule,
): number {
  let [tooEarlyMs, fittingMs] = [range.sinceMs - 1, range.beforeMs];
  while (fittingMs - tooEarlyMs > 1) {
    const middleMs = Math.floor((tooEarlyMs + fittingMs) / 2);
    if (countExpectedBars(middleMs, range.beforeMs, schedule) <= barsMax) fittingMs = middleMs;
    else tooEarlyMs = middleMs;
  }
  return fittingMs;
}
