import { xnysSessions, type XnysSession } from '@aistock/market';

export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;

/** Every session that closes at 13:00 New York instead of 16:00, of all years of the calendar. */
export function shortDays(): XnysSession[] {
  return xnysSessions().filter(({ regular }) => regular.toMs - regular.fromMs < 6.5 * HOUR_MS);
}

/** The sessions before and after each change of New York's clock: whose midnights are not whole days apart. */
export function daysAroundClockChanges(): XnysSession[] {
  const sessions = xnysSessions();
  return sessions.filter((session, index) => {
    const changes = (other: XnysSession | undefined) =>
      other !== undefined && (session.midnightMs - other.midnightMs) % (24 * HOUR_MS) !== 0;
    return changes(sessions[index - 1]) || changes(sessions[index + 1]);
  });
}

/** The session of a day in New York, such as `2024-11-29`. */
export function sessionOf(day: string): XnysSession {
  const found = xnysSessions().find(
    ({ midnightMs }) => new Date(midnightMs).toISOString().slice(0, 10) === day,
  );
  if (!found) throw new RangeError(`${day} is no session`);
  return found;
}

/** One session out of so many, most of them ordinary days. */
export function everyNth(nth: number): XnysSession[] {
  return xnysSessions().filter((_, index) => index % nth === 0);
}
