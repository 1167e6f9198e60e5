import { chanceAt } from '@aistock/shared';
import { TIMEFRAME_MS } from '@aistock/market';
import type { BacktestResult } from '@aistock/trading/backtest';
import { backtestOverfitting, deflatedSharpe, returnBlocks, sharpeRecordOf } from '@aistock/trading/honesty';
import { dailyValues, performance, returnsOf, type Performance } from '@aistock/trading/metrics';
import { SCENARIOS } from '@aistock/trading/scenarios';
import type { StrategyParams } from '@aistock/trading/strategies';
import { foldRegimes, type FoldRegimes } from './fold-regimes.ts';
import { runWalk } from './run-walk.ts';
import type { StrategyWalk } from './strategy-walk.ts';

/** Blocks that the time is cut into to measure overfitting. */
const BLOCKS = 10;
const SCENARIO_LANE = 31;

/** What was tried before on this stream with this strategy, so that luck is counted. */
export interface ModelTrials {
  /** Models ever tried for the stream, this one with them. */
  readonly models: number;
  /** Sharpe ratios a year that earlier ones showed, as far as they are known. */
  readonly sharpesAnnual: readonly number[];
}

/** What a strategy earned with a model, walking forward, after costs. Null is what is not defined, and fails its gate. */
export interface PerformanceEvidence {
  readonly folds: number;
  /** The preset that did best, whose figures these are; that there was a choice is counted in `trials`. */
  readonly preset: string;
  /** A year. */
  readonly sharpe: number | null;
  /** From 0 to 1. */
  readonly drawdown: number | null;
  readonly trades: number;
  readonly winRate: number | null;
  /** Models times presets. */
  readonly trials: number;
  readonly deflatedSharpe: number | null;
  /** Probability that the best preset inside is below the median outside (CSCV); null of a single preset or too few days. */
  readonly overfitting: number | null;
  /** Mean of what was traded; null where nothing was. */
  readonly slippageBps: number | null;
  /** Total return of the same walk under each scenario; null where it could not be run. */
  readonly scenarios: readonly { readonly name: string; readonly totalReturn: number | null }[];
  /** Times and values at each close of the test windows, each window going on from the one before. */
  readonly curve: { readonly atMs: Float64Array; readonly equity: Float64Array };
}

interface Run {
  readonly preset: string;
  readonly params: StrategyParams;
  readonly result: BacktestResult;
  readonly told: Performance;
}

/**
 * Walks a strategy forward with every preset, and the best of them through every scenario.
 * @throws RangeError for a walk without folds or presets.
 */
export function performanceEvidence(walk: StrategyWalk, tried: ModelTrials): PerformanceEvidence {
  const regimes = foldRegimes(walk, walk.series);
  const runs = [...walk.presets].map(([preset, params]): Run => {
    const result = runWalk(walk, { params, series: walk.series, costs: walk.costs, regimes });
    return { preset, params, result, told: performanceOf(walk, result) };
  });
  const [first] = runs;
  if (!first) throw new RangeError('a walk needs a preset');
  const best = runs.reduce((top, run) => (sharpeOf(run) > sharpeOf(top) ? run : top), first);
  const { result, told } = best;
  const trials = tried.models * runs.length;
  return {
    folds: walk.folds.length,
    preset: best.preset,
    sharpe: told.daily.sharpe,
    drawdown: told.drawdown.max,
    trades: result.trades.length,
    winRate: told.trades.hitRate,
    trials,
    deflatedSharpe: deflated(told, trials, [
      ...tried.sharpesAnnual,
      ...runs.flatMap((run) => run.told.daily.sharpe ?? []),
    ]),
    overfitting: overfittingOf(walk, runs),
    slippageBps: slippageOf(result),
    scenarios: [...SCENARIOS.keys()].map((name) => ({
      name,
      totalReturn: underScenario({ walk, regimes }, best, name),
    })),
    curve: { atMs: result.equityMs, equity: result.equity },
  };
}

function performanceOf({ stream }: StrategyWalk, result: BacktestResult): Performance {
  const { equityMs: atMs, equity, trades, exposure, costs } = result;
  return performance({
    curve: { atMs, equity },
    calendar: stream.calendar,
    trades,
    exposure,
    costs,
    benchmark: null,
  });
}

function sharpeOf({ told }: Run): number {
  return told.daily.sharpe ?? -Infinity;
}

/**
 * The variance of the trials' Sharpe ratios is that of those which are known, and at least what chance alone gives a ratio of
 * so many days, (1 + SR² / 2) / n (Lo, "The Statistics of Sharpe Ratios", 2002): trials that are nearly the same do not make
 * luck smaller.
 */
function deflated({ daily }: Performance, count: number, sharpesAnnual: readonly number[]): number | null {
  const record = sharpeRecordOf(daily);
  if (!record) return null;
  const mean = sharpesAnnual.reduce((sum, sharpe) => sum + sharpe, 0) / sharpesAnnual.length;
  const squares = sharpesAnnual.reduce((sum, sharpe) => sum + (sharpe - mean) ** 2, 0);
  const known = sharpesAnnual.length < 2 ? 0 : squares / (sharpesAnnual.length - 1) / daily.daysPerYear;
  const ofChance = (1 + record.sharpe ** 2 / 2) / record.observations;
  return deflatedSharpe(record, { count, sharpeVariance: Math.max(known, ofChance) });
}

function overfittingOf({ stream }: StrategyWalk, runs: readonly Run[]): number | null {
  const returns = runs.map(({ result }) => {
    const { start, values } = dailyValues(result.equityMs, result.equity, stream.calendar);
    return returnsOf(start, values);
  });
  if (runs.length < 2 || returns.some(({ length }) => length < 2 * BLOCKS)) return null;
  return backtestOverfitting(returns.map((own) => returnBlocks(own, BLOCKS))).probability;
}

function slippageOf({ costs }: BacktestResult): number | null {
  const turnover = Number(costs.turnover);
  return turnover > 0 ? (10_000 * Number(costs.slippage)) / turnover : null;
}

function underScenario(
  { walk, regimes }: { readonly walk: StrategyWalk; readonly regimes: readonly FoldRegimes[] },
  { params }: Run,
  name: string,
): number | null {
  const { stream, series: own, costs, seed } = walk;
  let draws = 0;
  const changed = SCENARIOS.get(name)!.apply({
    series: new Map([[stream.id, own]]),
    costs,
    barMs: TIMEFRAME_MS[stream.timeframe],
    fromMs: own.openMs[walk.folds[0]!.testFrom]!,
    random: () => chanceAt(seed, SCENARIO_LANE, draws++),
  });
  const series = changed.series.get(stream.id)!;
  const result = runWalk(walk, {
    params,
    series,
    costs: changed.costs,
    regimes: series === own ? regimes : foldRegimes(walk, series),
  });
  return performanceOf(walk, result).totalReturn;
}
