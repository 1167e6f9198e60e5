import { covariance, finite, ratio, sum, variance } from './moments.ts';
import { downsideDeviation } from './return-figures.ts';
import { geometricMean } from './trade-figures.ts';

/**
 * Figures by the conventions of backtesting.py, which compounds where others take means, so that a result can be laid
 * beside its. The mean day is geometric; volatility is that of a product of independent days. Null where not defined.
 */
export interface BacktestingPyFigures {
  readonly returnAnnual: number | null;
  readonly volatilityAnnual: number | null;
  /** Annual return over annual volatility, both compounded. */
  readonly sharpe: number | null;
  /** Compounded annual return over the annualised downside deviation. */
  readonly sortino: number | null;
  /** Compounded annual return over the deepest drawdown. */
  readonly calmar: number | null;
  /** Winning over losing returns of trades, not money. */
  readonly profitFactor: number | null;
  /** Slope of the log returns of the bars on those of the benchmark. */
  readonly beta: number | null;
  /** Total return less beta times that of the benchmark. */
  readonly alpha: number | null;
}

export interface BacktestingPyInput {
  /** Simple returns of the days. */
  readonly dailyReturns: Float64Array;
  readonly periodsPerYear: number;
  readonly drawdownMax: number;
  /** Returns of the trades. */
  readonly rewards: Float64Array;
  readonly equity: Float64Array;
  /** Closes beside each value of equity; null where there is no benchmark. */
  readonly benchmark: Float64Array | null;
  /** Total returns of the strategy and of holding. */
  readonly totalReturn: number | null;
  readonly buyAndHold: number | null;
}

/** Source: compute_stats of backtesting.py, backtesting/_stats.py. */
export function backtestingPyFigures(input: BacktestingPyInput): BacktestingPyFigures {
  const { dailyReturns, periodsPerYear, rewards } = input;
  const meanDay = geometricMean(dailyReturns);
  const growth = meanDay === null ? null : 1 + meanDay;
  const returnAnnual = growth === null ? null : finite(growth ** periodsPerYear - 1);
  const volatilityAnnual = compoundedVolatility(variance(dailyReturns), growth, periodsPerYear);
  const downside = downsideDeviation(dailyReturns);
  const beta = input.benchmark === null ? null : logBeta(input.equity, input.benchmark);
  return {
    returnAnnual,
    volatilityAnnual,
    sharpe: ratio(returnAnnual, volatilityAnnual),
    sortino: ratio(returnAnnual, downside === null ? null : downside * Math.sqrt(periodsPerYear)),
    calmar: ratio(returnAnnual, input.drawdownMax),
    profitFactor: ratio(
      sum(rewards.filter((reward) => reward > 0)),
      -sum(rewards.filter((reward) => reward < 0)),
    ),
    beta,
    alpha:
      beta === null || input.totalReturn === null || input.buyAndHold === null
        ? null
        : input.totalReturn - beta * input.buyAndHold,
  };
}

/** Of a product of n independent factors with this variance and mean: root of (variance + mean²)^n - mean^2n. */
function compoundedVolatility(
  daily: number | null,
  growth: number | null,
  periodsPerYear: number,
): number | null {
  if (daily === null || growth === null) return null;
  return finite(Math.sqrt((daily + growth ** 2) ** periodsPerYear - growth ** (2 * periodsPerYear)));
}

function logBeta(equity: Float64Array, benchmark: Float64Array): number | null {
  const [own, market] = [logReturns(equity), logReturns(benchmark)];
  return ratio(covariance(own, market), variance(market));
}

function logReturns(values: Float64Array): Float64Array {
  return values.subarray(1).map((value, index) => Math.log(value / values[index]!));
}
