import { alwaysGrid, fxGrid, xnysGrid, type BarGrid } from './bar-grid.ts';
import { fxWeekAt } from './fx-weeks.ts';
import { newYorkMidnightMs } from './new-york.ts';
import { HOUR_MS, TIMEFRAME_MS, type Timeframe } from './timeframe.ts';
import { xnysSessionAt, type Hours, type Sessions } from './xnys-sessions.ts';

/**
 * When a market makes bars. `always`: round the clock, days start at 00:00 UTC. `xnys`: the sessions of the New York
 * Stock Exchange 1998 to 2035, daily bars are named by 00:00 in New York. `fx`: the week of the currency market 1998 to
 * 2035, Sunday 17:00 to Friday 17:00 in New York; daily bars are days in UTC from Sunday to Friday, named by 00:00 UTC,
 * so that Sunday's and Friday's are short.
 */
export type Calendar = 'always' | 'xnys' | 'fx';
/** All calendars, as the configuration names them. */
export const CALENDARS: readonly Calendar[] = ['always', 'xnys', 'fx'];

/** Which bars are expected. `sessions` matters for intraday bars of `xnys` only; `regular` unless told. */
export interface BarSchedule {
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
  readonly sessions?: Sessions;
  /** When the market is known to be closed whatever the calendar says, without overlap: no bar is missing then. */
  readonly closed?: readonly Hours[];
}

const grids = new Map<string, BarGrid>();

function gridOf({ timeframe, calendar, sessions = 'regular' }: BarSchedule): BarGrid {
  const key = `${calendar} ${timeframe} ${sessions}`;
  const known = grids.get(key);
  if (known) return known;
  const grid = MAKE_GRID[calendar](timeframe, sessions);
  grids.set(key, grid);
  return grid;
}

const MAKE_GRID: Readonly<Record<Calendar, (timeframe: Timeframe, sessions: Sessions) => BarGrid>> = {
  always: alwaysGrid,
  xnys: xnysGrid,
  fx: fxGrid,
};

/** How a calendar names the daily bar of a day that is given by its 00:00 UTC; both Unix ms. */
export function dailyOpenMs(dayUtcMs: number, calendar: Calendar): number {
  return calendar === 'xnys' ? newYorkMidnightMs(dayUtcMs) : dayUtcMs;
}

/**
 * When a bar is complete: its open plus its duration; for a daily bar of `xnys` the close of the session, 13:00 on short
 * days; for a Friday of `fx` the end of the week. A day that is not a session closes a day after it opened, never too
 * early.
 */
export function closeMs(openMs: number, timeframe: Timeframe, calendar: Calendar = 'always'): number {
  const endMs = openMs + TIMEFRAME_MS[timeframe];
  if (timeframe !== '1d') return endMs;
  if (calendar === 'fx') return Math.min(endMs, fxWeekAt(openMs)?.toMs ?? endMs);
  const session = calendar === 'xnys' ? xnysSessionAt(openMs) : undefined;
  return session?.midnightMs === openMs ? session.regular.toMs : endMs;
}

/** True while the market trades. `always` is always true; outside of the years that a calendar covers it is false. */
export function isSessionOpen(calendar: Calendar, ms: number, sessions: Sessions = 'regular'): boolean {
  if (calendar === 'always') return true;
  if (calendar === 'fx') return fxWeekAt(ms) !== undefined;
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
  const count = (from: number, to: number): number =>
    Math.max(0, grid.countBefore(to) - grid.countBefore(from));
  return (schedule.closed ?? []).reduce(
    (left, closed) => left - count(Math.max(fromMs, closed.fromMs), Math.min(toMs, closed.toMs)),
    count(fromMs, toMs),
  );
}

/** The open times that the calendar expects in [fromMs, toMs), ascending, made as they are asked for. */
export function* expectedOpens(fromMs: number, toMs: number, schedule: BarSchedule): Generator<number, void> {
  const grid = gridOf(schedule);
  const end = grid.countBefore(toMs);
  for (let index = grid.countBefore(fromMs); index < end; index++) {
    const openMs = grid.openAt(index);
    if (openMs === undefined) return;
    if (
      !schedule.closed?.some(({ fromMs: closedMs, toMs: againMs }) => closedMs <= openMs && openMs < againMs)
    )
      yield openMs;
  }
}

/**
 * The open time of the bar that the calendar expects so many bars before this time: 1 is the last one before it.
 * Undefined where the calendar does not reach.
 */
export function expectedOpenBefore(ms: number, bars: number, schedule: BarSchedule): number | undefined {
  const grid = gridOf(schedule);
  const index = grid.countBefore(ms) - bars;
  return index < 0 ? undefined : grid.openAt(index);
}

/** What a year has of each calendar: daily bars, and hours that intraday bars fill. */
const YEAR: Readonly<Record<Calendar, { readonly days: number; readonly hours: number }>> = {
  always: { days: 365, hours: 365 * 24 },
  xnys: { days: 252, hours: 252 * 6.5 },
  fx: { days: (365 / 7) * 6, hours: (365 / 7) * 120 },
};

/**
 * Bars of a year, to annualise with: of 365 days for `always`, of 252 sessions of 6.5 hours for `xnys`, of 365 / 7 weeks
 * of 6 daily bars and 120 hours for `fx`.
 */
export function barsPerYear(timeframe: Timeframe, calendar: Calendar): number {
  const { days, hours } = YEAR[calendar];
  return timeframe === '1d' ? days : (hours * HOUR_MS) / TIMEFRAME_MS[timeframe];
}
