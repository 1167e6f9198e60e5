import type { XnysSession } from '@aistock/market';
import { json, type VenueAnswer, type VenueRequest, type VenueView } from '../dialect.ts';
import { MARKET } from './market-name.ts';
import { newYorkTime } from './new-york-time.ts';
import { problem } from './problem.ts';
import { nextOpening, sessionEndingAfter, sessionsBetween } from './sessions.ts';

/** `/v2/clock` */
export function legacyClock(_request: VenueRequest, { toldMs }: VenueView): VenueAnswer {
  const times = timesAt(toldMs);
  if (!times) return problem(500, 'the calendar ends before this time');
  return json(200, {
    timestamp: newYorkTime(toldMs),
    is_open: times.core.regular.fromMs <= toldMs,
    next_open: newYorkTime(times.opening.regular.fromMs),
    next_close: newYorkTime(times.core.regular.toMs),
  });
}

/** `/v3/clock` */
export function clocks(_request: VenueRequest, { toldMs }: VenueView): VenueAnswer {
  const times = timesAt(toldMs);
  if (!times) return problem(500, 'the calendar ends before this time');
  const phase = phaseAt(times.day, toldMs);
  const today = Date.parse(newYorkTime(toldMs).slice(0, 10));
  const clock = {
    market: MARKET,
    timestamp: newYorkTime(toldMs),
    is_market_day: sessionsBetween(today, today).length > 0,
    phase: phase.name,
    phase_until: newYorkTime(phase.untilMs),
    next_market_open: newYorkTime(times.opening.regular.fromMs),
    next_market_close: newYorkTime(times.core.regular.toMs),
  };
  return json(200, { clocks: [clock] });
}

interface Times {
  /** The session whose regular hours are under way or come next. */
  readonly core: XnysSession;
  /** The same with its pre-market and post-market. */
  readonly day: XnysSession;
  /** The session that opens next. */
  readonly opening: XnysSession;
}

function timesAt(ms: number): Times | undefined {
  const core = sessionEndingAfter(ms, 'regular');
  const day = sessionEndingAfter(ms, 'extended');
  const opening = nextOpening(ms);
  return core && day && opening ? { core, day, opening } : undefined;
}

function phaseAt({ regular, extended }: XnysSession, ms: number): { name: string; untilMs: number } {
  if (ms < extended.fromMs) return { name: 'closed', untilMs: extended.fromMs };
  if (ms < regular.fromMs) return { name: 'pre', untilMs: regular.fromMs };
  if (ms < regular.toMs) return { name: 'core', untilMs: regular.toMs };
  return { name: 'post', untilMs: extended.toMs };
}
