import { fxWeeks } from './fx-weeks.ts';
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
  return gridOfRuns(
    xnysSessions().map((session) =>
      timeframe === '1d'
        ? { fromMs: session.midnightMs, count: 1 }
        : runOf(session.midnightMs, session[sessions], stepMs),
    ),
    stepMs,
  );
}

/** Bars start on multiples of the timeframe from 00:00 UTC; those that overlap the week's hours are expected. */
export function fxGrid(timeframe: Timeframe): BarGrid {
  const stepMs = TIMEFRAME_MS[timeframe];
  return gridOfRuns(
    fxWeeks().map((week) => runOf(0, week, stepMs)),
    stepMs,
  );
}

function runOf(originMs: number, hours: Hours, stepMs: number): Omit<Run, 'first'> {
  const fromMs = originMs + Math.floor((hours.fromMs - originMs) / stepMs) * stepMs;
  return { fromMs, count: Math.ceil((hours.toMs - fromMs) / stepMs) };
}

function gridOfRuns(unnumbered: readonly Omit<Run, 'first'>[], stepMs: number): BarGrid {
  let next = 0;
  const runs: Run[] = unnumbered.map(({ fromMs, count }) => {
    const first = next;
    next += count;
    return { first, count, fromMs };
  });
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
