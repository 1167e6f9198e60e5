import { BacktestRun, type Decider } from '../../backtest/backtest-run.ts';
import { MergedBars } from '../../backtest/merged-bars.ts';
import { runBacktest, type BacktestTerms } from '../../backtest/index.ts';
import type { SlotDecision } from '../../core/index.ts';
import type { FillReport } from '../../fills/index.ts';
import { carriedStart } from './carried-start.ts';
import { seriesOf, type DayBars } from './day-bars.ts';
import type { ShadowDay } from '../shadow-day.ts';
import { toldAnswers } from './told-answers.ts';

/** What a run of a day came to. */
export interface DayRun {
  /** The lines of its decision log. */
  readonly lines: readonly string[];
  readonly fills: readonly FillReport[];
}

/** The day as a backtest that decides by itself. */
export function runDay(day: ShadowDay, bars: DayBars): DayRun {
  const lines: string[] = [];
  const fills: FillReport[] = [];
  runBacktest({
    ...termsOf(day, bars),
    record: (line) => lines.push(line),
    filled: (report) => fills.push(report),
  });
  return { lines, fills };
}

/** The day as a backtest fills what the session decided, whatever it would have decided itself. */
export function fillDay(
  day: ShadowDay,
  bars: DayBars,
  decisions: readonly SlotDecision[],
): readonly FillReport[] {
  const fills: FillReport[] = [];
  const terms = { ...termsOf(day, bars), filled: (report: FillReport) => fills.push(report) };
  const merged = new MergedBars(terms.setup.streams, terms.series);
  const run = new BacktestRun(terms, deciderOf(decisions), merged);
  for (let atMs = run.nextMs(); atMs !== Infinity; atMs = run.nextMs()) run.passTo(atMs);
  return fills;
}

function termsOf(day: ShadowDay, bars: DayBars): BacktestTerms {
  const { setup, costs } = day;
  return {
    setup,
    costs,
    series: seriesOf(bars),
    answers: toldAnswers(day),
    start: carriedStart(day),
    untilMs: day.closes.at(-1)!.closeMs,
    record: null,
  };
}

/** Decides what was decided, and hears nothing. */
function deciderOf(decisions: readonly SlotDecision[]): Decider {
  const byClose = Map.groupBy(decisions, ({ atMs }) => atMs);
  const times = [...byClose.keys()].toSorted((a, b) => a - b);
  let passedMs = -Infinity;
  return {
    handle: () => [],
    reveal: () => undefined,
    questions: () => [],
    decide: (atMs) => {
      passedMs = atMs;
      return byClose.get(atMs) ?? [];
    },
    get wakeMs() {
      return times.find((atMs) => atMs > passedMs) ?? Infinity;
    },
  };
}
