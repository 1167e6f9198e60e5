import { lowerBound } from './lower-bound.ts';
import { TIMEFRAME_MS, type Timeframe } from './timeframe.ts';
import { xnysSessions, type Hours, type Sessions } from './xnys-sessions.ts';

/**
 * The open times that a calendar expects of a timeframe, numbered in order. Ranges are counted by subtraction, so no
 * list of expected bars is ever made.
 */
export interface BarGrid {
  /** How many expected opens are before this time; the number of the first one at or after it. */
  readonly countBefore: (ms: number) => number;
  /** The open time with this number. Undefined where the calendar does not reach. */
  readonly openAt: (index: number) => number | undefined;
}

export function alwaysGrid(timeframe: Timeframe): BarGrid {
  const stepMs = TIMEFRAME_MS[timeframe];
  return { countBefore: (ms) => Math.ceil(ms / stepMs), openAt: (index) => index * stepMs };
}

interface Run {
  /** Number of the run's first bar. */
  readonly first: number;
  readonly count: number;
  readonly fromMs: number;
}

/** Intraday bars start on multiples of the timeframe from 00:00 in New York; those that overlap the hours are expected. */
export function xnysGrid(timeframe: Timeframe, sessions: Sessions): BarGrid {
  const stepMs = TIMEFRAME_MS[timeframe];
  const runs: Run[] = [];
  let first = 0;
  for (const session of xnysSessions()) {
    const { fromMs, count } = runOf(
      session.midnightMs,
      timeframe === '1d' ? undefined : session[sessions],
      stepMs,
    );
    runs.push({ first, count, fromMs });
    first += count;
  }
  return {
    countBefore: (ms) => {
      const run = runs[lowerBound(runs, ms, (each) => each.fromMs) - 1];
      return run ? run.first + Math.min(run.count, Math.ceil((ms - run.fromMs) / stepMs)) : 0;
    },
    openAt: (index) => {
      const run = runs[lowerBound(runs, index + 1, (each) => each.first) - 1];
      return run && index < run.first + run.count ? run.fromMs + (index - run.first) * stepMs : undefined;
    },
  };
}

function runOf(
  midnightMs: number,
  hours: Hours | undefined,
  stepMs: number,
): { fromMs: number; count: number } {
  if (hours === undefined) return { fromMs: midnightMs, count: 1 };
  const fromMs = midnightMs + Math.floor((hours.fromMs - midnightMs) / stepMs) * stepMs;
  return { fromMs, count: Math.ceil((hours.toMs - fromMs) / stepMs) };
}
