import { isSessionOpen, xnysSessionAt, type Calendar, type Timeframe } from '@aistock/market';

/** `pre` and `aft` are the hours before and after the regular ones (`rth`), which only stocks have. */
export type SessionKind = 'pre' | 'rth' | 'aft' | 'closed';

const DAY_MS = 86_400_000;

/** What of a market's day a time is in. `always` is always `rth`; outside of the years of a calendar it is `closed`. */
export function sessionKind(calendar: Calendar, atMs: number): SessionKind {
  if (calendar === 'always') return 'rth';
  if (calendar === 'fx') return isSessionOpen(calendar, atMs) ? 'rth' : 'closed';
  const session = xnysSessionAt(atMs);
  if (!session || atMs < session.extended.fromMs || atMs >= session.extended.toMs) return 'closed';
  if (atMs < session.regular.fromMs) return 'pre';
  return atMs < session.regular.toMs ? 'rth' : 'aft';
}

/**
 * The hours in which an order that is decided at a bar's close begins to work. A daily bar closes with the session: what is
 * decided on it waits for the next regular one.
 */
export function workingSession(calendar: Calendar, timeframe: Timeframe, atMs: number): SessionKind {
  return timeframe === '1d' ? 'rth' : sessionKind(calendar, atMs);
}

/** Names the session that a time counts to, for throttles: 00:00 in New York of the day on `xnys`, else of the UTC day; Unix ms. */
export function sessionDayMs(calendar: Calendar, atMs: number): number {
  const session = calendar === 'xnys' ? xnysSessionAt(atMs) : undefined;
  return session?.midnightMs ?? Math.floor(atMs / DAY_MS) * DAY_MS;
}
