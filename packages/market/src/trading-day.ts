import type { Calendar } from './calendar.ts';
import { fxWeeks } from './fx-weeks.ts';
import { lowerBound } from './lower-bound.ts';
import { DAY_MS } from './timeframe.ts';
import { xnysSessions, type Hours, type Sessions } from './xnys-sessions.ts';

/**
 * The hours of the trading day that holds a time or, where the market is closed, of the next one: the day in UTC for
 * `always`, what of it lies in the week for `fx`, the session for `xnys`. Undefined outside of the years that a calendar covers.
 */
export function tradingDay(
  calendar: Calendar,
  ms: number,
  sessions: Sessions = 'regular',
): Hours | undefined {
  if (calendar === 'always') return utcDay(ms);
  if (calendar === 'xnys') return firstAfter(xnysSessions(), ms, (session) => session[sessions]);
  const week = firstAfter(fxWeeks(), ms, (each) => each);
  if (!week) return undefined;
  const day = utcDay(Math.max(ms, week.fromMs));
  return { fromMs: Math.max(day.fromMs, week.fromMs), toMs: Math.min(day.toMs, week.toMs) };
}

function utcDay(ms: number): Hours {
  const fromMs = Math.floor(ms / DAY_MS) * DAY_MS;
  return { fromMs, toMs: fromMs + DAY_MS };
}

function firstAfter<T>(ascending: readonly T[], ms: number, hoursOf: (each: T) => Hours): Hours | undefined {
  const index = lowerBound(ascending, ms + 1, (each) => hoursOf(each).toMs);
  const found = ascending[index] && hoursOf(ascending[index]);
  return index === 0 && found && ms < found.fromMs ? undefined : found;
}
