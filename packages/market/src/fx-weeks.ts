import { lowerBound } from './lower-bound.ts';
import { newYorkMidnightMs } from './new-york.ts';
import { XNYS_FIRST_YEAR, XNYS_LAST_YEAR } from './nyse-days.ts';
import { DAY_MS, HOUR_MS } from './timeframe.ts';
import type { Hours } from './xnys-sessions.ts';

const CLOSE_HOUR = 17;
const WEEK_MS = 7 * DAY_MS;
/** A Sunday: 1970-01-04. */
const FIRST_SUNDAY_MS = 3 * DAY_MS;

let table: readonly Hours[] | undefined;

/**
 * The weeks of the currency market, in order: Sunday 17:00 to Friday 17:00 in New York. The market has no exchange and no
 * common holidays: around Christmas and New Year venues keep hours of their own, and what they leave out is a gap.
 */
export function fxWeeks(): readonly Hours[] {
  table ??= buildTable();
  return table;
}

function buildTable(): readonly Hours[] {
  const weeks: Hours[] = [];
  const endMs = Date.UTC(XNYS_LAST_YEAR + 1, 0, 1);
  const sundaysBefore = Math.ceil((Date.UTC(XNYS_FIRST_YEAR, 0, 1) - FIRST_SUNDAY_MS) / WEEK_MS) - 1;
  for (let dayMs = FIRST_SUNDAY_MS + sundaysBefore * WEEK_MS; dayMs < endMs; dayMs += WEEK_MS)
    weeks.push({ fromMs: fivePm(dayMs), toMs: fivePm(dayMs + 5 * DAY_MS) });
  return weeks;
}

/** The clock changes at 02:00 on a Sunday, which is why 17:00 is counted back from the next midnight. */
function fivePm(dayUtcMs: number): number {
  return newYorkMidnightMs(dayUtcMs + DAY_MS) - (24 - CLOSE_HOUR) * HOUR_MS;
}

/** The week that holds this time; undefined at the weekend and outside of the years that the table covers. */
export function fxWeekAt(ms: number): Hours | undefined {
  const weeks = fxWeeks();
  const week = weeks[lowerBound(weeks, ms + 1, (each) => each.fromMs) - 1];
  return week && ms < week.toMs ? week : undefined;
}
