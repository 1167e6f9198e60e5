import type { XnysSession } from '@aistock/market';
import { json, type VenueAnswer, type VenueRequest, type VenueView } from '../dialect.ts';
import { MARKET } from './market-name.ts';
import { newYorkTime } from './new-york-time.ts';
import { problem } from './problem.ts';
import { dayUtcMs, isoDay, sessionsBetween, settlementDay } from './sessions.ts';

const DAY_MS = 86_400_000;
const FIRST_MS = 0;
const LAST_MS = Date.UTC(2035, 11, 31);

interface Days {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** `/v2/calendar`: all trading days unless told, hours as New York's clock shows them. */
export function legacyCalendar({ query }: VenueRequest): VenueAnswer {
  const days = daysOf(query, { fromMs: FIRST_MS, untilMs: LAST_MS });
  if (!days) return problem(422, 'start and end must be days such as 2024-01-31, in order');
  return json(200, sessionsBetween(days.fromMs, days.untilMs).map(legacyDay));
}

/** `/v3/calendar/{market}`: a week from today unless told. */
export function calendar({ query }: VenueRequest, { toldMs }: VenueView): VenueAnswer {
  const today = Math.floor(toldMs / DAY_MS) * DAY_MS;
  const days = daysOf(query, { fromMs: today, untilMs: today + 7 * DAY_MS });
  if (!days) return problem(422, 'start and end must be days such as 2024-01-31, in order');
  return json(200, { market: MARKET, calendar: sessionsBetween(days.fromMs, days.untilMs).map(day) });
}

function daysOf(query: URLSearchParams, unlessTold: Days): Days | undefined {
  const fromMs = dayMs(query.get('start')) ?? unlessTold.fromMs;
  const untilMs = dayMs(query.get('end')) ?? Math.max(unlessTold.untilMs, fromMs);
  return fromMs <= untilMs ? { fromMs, untilMs } : undefined;
}

/** The SDK sends whole times where the API speaks of days. NaN where it is neither. */
function dayMs(text: string | null): number | undefined {
  if (text === null) return undefined;
  return /^\d{4}-\d{2}-\d{2}(T.*)?$/.test(text) ? Date.parse(text.slice(0, 10)) : Number.NaN;
}

const clockOf = (ms: number): string => newYorkTime(ms).slice(11, 16);

function legacyDay(session: XnysSession): unknown {
  const { regular, extended } = session;
  return {
    date: isoDay(dayUtcMs(session)),
    open: clockOf(regular.fromMs),
    close: clockOf(regular.toMs),
    session_open: clockOf(extended.fromMs).replace(':', ''),
    session_close: clockOf(extended.toMs).replace(':', ''),
    settlement_date: settlementDay(session),
  };
}

function day(session: XnysSession): unknown {
  const { regular, extended } = session;
  return {
    date: isoDay(dayUtcMs(session)),
    core_start: newYorkTime(regular.fromMs),
    core_end: newYorkTime(regular.toMs),
    pre_start: newYorkTime(extended.fromMs),
    pre_end: newYorkTime(regular.fromMs),
    post_start: newYorkTime(regular.toMs),
    post_end: newYorkTime(extended.toMs),
    settlement_date: settlementDay(session),
  };
}
