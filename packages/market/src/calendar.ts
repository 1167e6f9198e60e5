import { alwaysGrid, xnysGrid, type BarGrid } from './bar-grid.ts';
import { DAY_MS, HOUR_MS, TIMEFRAME_MS, type Timeframe } from './timeframe.ts';
import { xnysSessionAt, type Sessions } from './xnys-sessions.ts';

/**
 * When a market makes bars. `always`: round the clock, days start at 00:00 UTC. `xnys`: the sessions of the New York
 * Stock Exchange 1998 to 2035, daily bars are named by 00:00 in New York.
 */
export type Calendar = 'always' | 'xnys';
export const CALENDARS: readonly Calendar[] = ['always', 'xnys'];

/** Which bars are expected. `sessions` matters for intraday bars of `xnys` only; `regular` unless told. */
export interface BarSchedule {
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
  readonly sessions?: Sessions;
}

const grids = new Map<string, BarGrid>();

function gridOf({ timeframe, calendar, sessions = 'regular' }: BarSchedule): BarGrid {
  const key = `${calendar} ${timeframe} ${sessions}`;
  const known = grids.get(key);
  if (known) return known;
  const grid = calendar === 'always' ? alwaysGrid(timeframe) : xnysGrid(timeframe, sessions);
  grids.set(key, grid);
  return grid;
}

/**
 * When a bar is complete: its open plus its duration; for a daily bar of `xnys` the close of the session, 13:00 on short
 * days. A day that is not a session closes a day after it opened, never too early.
 */
export function closeMs(openMs: number, timeframe: Timeframe, calendar: Calendar = 'always'): number {
  if (calendar === 'xnys' && timeframe === '1d') {
    const session = xnysSessionAt(openMs);
    if (session?.midnightMs === openMs) return session.regular.toMs;
  }
  return openMs + TIMEFRAME_MS[timeframe];
}

/** True while the market trades. `always` is always true; outside of the years that `xnys` covers it is false. */
export function isSessionOpen(calendar: Calendar, ms: number, sessions: Sessions = 'regular'): boolean {
  if (calendar === 'always') return true;
  const hours = xnysSessionAt(ms)?.[sessions];
  return hours !== undefined && hours.fromMs <= ms && ms < hours.toMs;
}

/** True where the calendar names a bar of the timeframe by this open time. */
export function isExpectedOpen(openMs: number, schedule: BarSchedule): boolean {
  const grid = gridOf(schedule);
  return grid.openAt(grid.countBefore(openMs)) === openMs;
}

/** How many bars the calendar expects that open in [fromMs, toMs). */
export function countExpectedBars(fromMs: number, toMs: number, schedule: BarSchedule): number {
  const grid = gridOf(schedule);
  return Math.max(0, grid.countBefore(toMs) - grid.countBefore(fromMs));
}

/** The open times that the calendar expects in [fromMs, toMs), ascending, made as they are asked for. */
export function* expectedOpens(fromMs: number, toMs: number, schedule: BarSchedule): Generator<number, void> {
  const grid = gridOf(schedule);
  const end = grid.countBefore(toMs);
  for (let index = grid.countBefore(fromMs); index < end; index++) {
    const openMs = grid.openAt(index);
    if (openMs === undefined) return;
    yield openMs;
  }
}

const SESSIONS_PER_YEAR = 252;
const SESSION_HOURS = 6.5;

/** Bars of a year, to annualise with: of 365 days for `always`, of 252 sessions of 6.5 hours for `xnys`. */
export function barsPerYear(timeframe: Timeframe, calendar: Calendar): number {
  if (calendar === 'always') return (365 * DAY_MS) / TIMEFRAME_MS[timeframe];
  if (timeframe === '1d') return SESSIONS_PER_YEAR;
  return (SESSIONS_PER_YEAR * SESSION_HOURS * HOUR_MS) / TIMEFRAME_MS[timeframe];
}
