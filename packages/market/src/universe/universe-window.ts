import { closeMs, expectedOpenBefore, type Calendar } from '../calendar.ts';

/**
 * The newest so many days of a calendar that had closed by a time: their bars open in [fromMs, toMs). Undefined where the
 * calendar does not reach.
 */
export function universeWindow(
  asOfMs: number,
  windowDays: number,
  calendar: Calendar,
): { fromMs: number; toMs: number } | undefined {
  const schedule = { timeframe: '1d', calendar } as const;
  let lastMs = expectedOpenBefore(asOfMs, 1, schedule);
  if (lastMs !== undefined && closeMs(lastMs, '1d', calendar) > asOfMs) {
    lastMs = expectedOpenBefore(lastMs, 1, schedule);
  }
  if (lastMs === undefined) return undefined;
  const fromMs = expectedOpenBefore(lastMs + 1, windowDays, schedule);
  return fromMs === undefined ? undefined : { fromMs, toMs: lastMs + 1 };
}
