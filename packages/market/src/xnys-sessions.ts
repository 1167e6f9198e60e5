import { lowerBound } from './lower-bound.ts';
import { newYorkMidnightMs } from './new-york.ts';
import { nyseTradingDays, XNYS_FIRST_YEAR, XNYS_LAST_YEAR } from './nyse-days.ts';
import { HOUR_MS } from './timeframe.ts';

/** `regular`: 09:30 to the close. `extended`: with pre- and post-market, 04:00 to 20:00 (17:00 on a short day). */
export type Sessions = 'regular' | 'extended';

/** A stretch of time in which a market trades. */
export interface Hours {
  /** Unix ms. */
  readonly fromMs: number;
  /** Unix ms, exclusive. */
  readonly toMs: number;
}

/** One trading day of the NYSE; daily bars are named by its midnight. */
export interface XnysSession extends Readonly<Record<Sessions, Hours>> {
  /** 00:00 in New York, Unix ms. */
  readonly midnightMs: number;
}

let table: readonly XnysSession[] | undefined;

/** Every session that the calendar covers, in order; made once. */
export function xnysSessions(): readonly XnysSession[] {
  table ??= buildTable();
  return table;
}

function buildTable(): readonly XnysSession[] {
  const sessions: XnysSession[] = [];
  for (let year = XNYS_FIRST_YEAR; year <= XNYS_LAST_YEAR; year++) {
    for (const day of nyseTradingDays(year)) {
      const midnightMs = newYorkMidnightMs(day.dayUtcMs); // The clock changes on Sundays only, so hours add up.
      const at = (hour: number): number => midnightMs + hour * HOUR_MS;
      sessions.push({
        midnightMs,
        regular: { fromMs: at(9.5), toMs: at(day.closesEarly ? 13 : 16) },
        extended: { fromMs: at(4), toMs: at(day.closesEarly ? 17 : 20) },
      });
    }
  }
  return sessions;
}

/** The session of the New York day that holds this time, if that day has one. */
export function xnysSessionAt(ms: number): XnysSession | undefined {
  const sessions = xnysSessions();
  const session = sessions[lowerBound(sessions, ms + 1, (each) => each.midnightMs) - 1];
  return session && ms < session.midnightMs + 24 * HOUR_MS ? session : undefined;
}
