import { xnysSessions, type Sessions, type XnysSession } from '@aistock/market';

const DAY_MS = 86_400_000;

/** 00:00 UTC of the session's day, as days go in questions. New York is four or five hours behind. */
export function dayUtcMs({ midnightMs }: XnysSession): number {
  return Math.floor(midnightMs / DAY_MS) * DAY_MS;
}

/** The trading days from one day to another, both inclusive. */
export function sessionsBetween(fromDayMs: number, untilDayMs: number): XnysSession[] {
  return xnysSessions().filter(
    (session) => fromDayMs <= dayUtcMs(session) && dayUtcMs(session) <= untilDayMs,
  );
}

/** The first session whose regular, or extended, hours end after this time; undefined behind the end of the calendar. */
export function sessionEndingAfter(ms: number, hours: Sessions): XnysSession | undefined {
  return xnysSessions().find((session) => ms < session[hours].toMs);
}

/** The next session that opens after this time. */
export function nextOpening(ms: number): XnysSession | undefined {
  return xnysSessions().find(({ regular }) => ms < regular.fromMs);
}

/** Settlement is one trading day after the trade. */
export function settlementDay(session: XnysSession): string {
  const next = xnysSessions().find(({ midnightMs }) => midnightMs > session.midnightMs) ?? session;
  return isoDay(dayUtcMs(next));
}

export function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
