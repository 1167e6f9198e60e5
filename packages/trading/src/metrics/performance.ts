import { barsPerYear, type Calendar } from '@aistock/market';
import type { ClosedTrade } from '../core/index.ts';
import { backtestingPyFigures, type BacktestingPyFigures } from './backtesting-py.ts';
import { alphaAndBeta, type BenchmarkFigures } from './benchmark-figures.ts';
import { costFigures, type CostFigures, type CostTotals } from './cost-figures.ts';
import { drawdownFigures, type DrawdownFigures } from './drawdown.ts';
import { dailyValues, returnsOf, type EquityCurve } from './equity-curve.ts';
import { finite, kurtosisExcess, ratio, skewness } from './moments.ts';
import {
  compoundAnnualGrowth,
  meanAnnual,
  sharpeAnnual,
  sortinoAnnual,
  totalReturn,
  volatilityAnnual,
} from './return-figures.ts';
import { tailRisk } from './tail-risk.ts';
import { tradeFigures, type TradeFigures } from './trade-figures.ts';

export interface PerformanceInput {
  readonly curve: EquityCurve;
  /** Says which days are trading days and how many a year has: 365 for `always`, 252 for `xnys`. */
  readonly calendar: Calendar;
  readonly trades: readonly ClosedTrade[];
  /** Share of the closes at which something was held, from 0 to 1. */
  readonly exposure: number;
  readonly costs: CostTotals;
  /** Closes of what holding is compared with, one beside each value of the curve; null where there is no such thing. */
  readonly benchmark: Float64Array | null;
}

/** Figures of the daily returns; shares such as 0.1 for ten per cent, a year has the trading days of the calendar. */
export interface DailyFigures {
  /** Trading days with a return. */
  readonly days: number;
  readonly daysPerYear: number;
  /** Mean daily return times the days of a year. */
  readonly meanAnnual: number | null;
  readonly volatilityAnnual: number | null;
  readonly sharpe: number | null;
  readonly sortino: number | null;
  readonly best: number | null;
  readonly worst: number | null;
  /** Share of the days that ended higher. */
  readonly positive: number | null;
  /** Bias-corrected; the kurtosis of a normal distribution is 0 here. */
  readonly skewness: number | null;
  readonly kurtosisExcess: number | null;
  readonly valueAtRisk95: number | null;
  readonly valueAtRisk99: number | null;
  readonly expectedShortfall95: number | null;
  readonly expectedShortfall99: number | null;
}

/** What a strategy did. Nothing is NaN or infinite: a figure that is not defined is null. */
export interface Performance {
  readonly fromMs: number;
  readonly toMs: number;
  readonly equityStart: number;
  readonly equityEnd: number;
  readonly equityPeak: number;
  readonly totalReturn: number | null;
  /** Compound annual growth rate over calendar time, years of 365.25 days. */
  readonly cagr: number | null;
  /** Growth rate over the deepest drawdown (Young, "Calmar Ratio: A Smoother Tool", 1991, over the whole period). */
  readonly calmar: number | null;
  readonly exposure: number;
  readonly daily: DailyFigures;
  readonly drawdown: DrawdownFigures;
  readonly trades: TradeFigures;
  readonly costs: CostFigures;
  readonly benchmark: BenchmarkFigures | null;
  readonly backtestingPy: BacktestingPyFigures;
}

/** @throws RangeError for a curve without a value, and for a benchmark that is not as long. */
export function performance(input: PerformanceInput): Performance {
  const { curve, calendar, trades } = input;
  const { atMs, equity } = curve;
  const days = dailyValues(atMs, equity, calendar);
  const returns = returnsOf(days.start, days.values);
  const [first, last] = [equity[0]!, equity.at(-1)!];
  const elapsedMs = atMs.at(-1)! - atMs[0]!;
  const growth = compoundAnnualGrowth(first, last, elapsedMs);
  const drawdown = drawdownFigures(curve);
  const benchmark = benchmarkFigures(input, returns);
  const total = totalReturn(first, last);
  return {
    fromMs: atMs[0]!,
    toMs: atMs.at(-1)!,
    equityStart: first,
    equityEnd: last,
    equityPeak: equity.reduce((most, value) => Math.max(most, value)),
    totalReturn: total,
    cagr: growth,
    calmar: ratio(growth, drawdown.max),
    exposure: input.exposure,
    daily: dailyFigures(returns, barsPerYear('1d', calendar)),
    drawdown,
    trades: tradeFigures(trades),
    costs: costFigures(input.costs, curve),
    benchmark,
    backtestingPy: backtestingPyFigures({
      dailyReturns: returns,
      periodsPerYear: barsPerYear('1d', calendar),
      drawdownMax: drawdown.max,
      rewards: Float64Array.from(trades, ({ reward }) => reward),
      equity,
      benchmark: input.benchmark,
      totalReturn: total,
      buyAndHold: benchmark?.buyAndHold ?? null,
    }),
  };
}

function benchmarkFigures(
  { curve, calendar, benchmark }: PerformanceInput,
  returns: Float64Array,
): BenchmarkFigures | null {
  if (benchmark === null) return null;
  const days = dailyValues(curve.atMs, benchmark, calendar);
  const market = returnsOf(days.start, days.values);
  return {
    buyAndHold: totalReturn(benchmark[0]!, benchmark.at(-1)!),
    ...alphaAndBeta(returns, market, barsPerYear('1d', calendar)),
  };
}

function dailyFigures(returns: Float64Array, daysPerYear: number): DailyFigures {
  const [at95, at99] = [tailRisk(returns, 0.95), tailRisk(returns, 0.99)];
  const none = returns.length === 0;
  return {
    days: returns.length,
    daysPerYear,
    meanAnnual: meanAnnual(returns, daysPerYear),
    volatilityAnnual: volatilityAnnual(returns, daysPerYear),
    sharpe: sharpeAnnual(returns, daysPerYear),
    sortino: sortinoAnnual(returns, daysPerYear),
    best: none ? null : finite(returns.reduce((most, value) => Math.max(most, value))),
    worst: none ? null : finite(returns.reduce((least, value) => Math.min(least, value))),
    positive: ratio(returns.filter((value) => value > 0).length, returns.length),
    skewness: skewness(returns),
    kurtosisExcess: kurtosisExcess(returns),
    valueAtRisk95: at95.valueAtRisk,
    valueAtRisk99: at99.valueAtRisk,
    expectedShortfall95: at95.expectedShortfall,
    expectedShortfall99: at99.expectedShortfall,
  };
}
