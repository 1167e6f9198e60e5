import type { ClosedTrade } from '../core/index.ts';
import { deviation, mean, ratio, sum } from './moments.ts';

/** Figures of closed trades. Money in the account's currency, shares such as 0.1 for ten per cent; null where not defined. */
export interface TradeFigures {
  readonly count: number;
  readonly wins: number;
  readonly losses: number;
  /** Share of the trades with a profit after costs. */
  readonly hitRate: number | null;
  /** Profits over losses, in money after costs; null without a loss. */
  readonly profitFactor: number | null;
  /** Mean profit of a trade in money, after costs. */
  readonly expectancy: number | null;
  /** Mean profit of a trade as a share of what its entry cost. */
  readonly expectancyReturn: number | null;
  /** Best, worst and geometric mean return of a trade. */
  readonly best: number | null;
  readonly worst: number | null;
  readonly averageGeometric: number | null;
  readonly averageWin: number | null;
  /** Below zero. */
  readonly averageLoss: number | null;
  readonly durationMaxMs: number | null;
  readonly durationAverageMs: number | null;
  /** System quality number of Tharp, "Definitive Guide to Position Sizing" (2008): root of n times mean over deviation of the profits. */
  readonly sqn: number | null;
  /** Kelly, "A New Interpretation of Information Rate" (1956), for two outcomes: hit rate - (1 - hit rate) / (average win / average loss). */
  readonly kelly: number | null;
  /** Share of all profits, losses not taken off, that the best trade made. */
  readonly bestShareOfProfits: number | null;
  /** Longest run of trades without a profit. */
  readonly lossesInARow: number;
}

/** Figures of trades in the order of their exits. */
export function tradeFigures(trades: readonly ClosedTrade[]): TradeFigures {
  const profits = Float64Array.from(trades, ({ pnl }) => Number(pnl));
  const returns = Float64Array.from(trades, ({ reward }) => reward);
  const durations = Float64Array.from(trades, ({ entryMs, exitMs }) => exitMs - entryMs);
  const wins = profits.filter((profit) => profit > 0);
  const losses = profits.filter((profit) => profit < 0);
  const hitRate = ratio(wins.length, trades.length);
  const payoff = ratio(mean(wins), negated(mean(losses)));
  const spread = deviation(profits);
  return {
    count: trades.length,
    wins: wins.length,
    losses: losses.length,
    hitRate,
    profitFactor: ratio(sum(wins), -sum(losses)),
    expectancy: mean(profits),
    expectancyReturn: mean(returns),
    best: extreme(returns, Math.max),
    worst: extreme(returns, Math.min),
    averageGeometric: geometricMean(returns),
    averageWin: mean(wins),
    averageLoss: mean(losses),
    durationMaxMs: extreme(durations, Math.max),
    durationAverageMs: mean(durations),
    sqn: ratio(spread === null ? null : Math.sqrt(trades.length) * mean(profits)!, spread),
    kelly: hitRate === null || payoff === null ? null : hitRate - (1 - hitRate) / payoff,
    bestShareOfProfits: ratio(extreme(wins, Math.max), sum(wins)),
    lossesInARow: longestRun(profits),
  };
}

/** (product of 1 + return)^(1 / n) - 1; null where a return lost everything, or of none. */
export function geometricMean(returns: Float64Array): number | null {
  if (returns.length === 0 || returns.some((value) => value <= -1)) return null;
  let logs = 0;
  for (const value of returns) logs += Math.log1p(value);
  return Math.expm1(logs / returns.length);
}

/** The least or the most of the values; null of none. */
function extreme(values: Float64Array, choose: (left: number, right: number) => number): number | null {
  return values.length === 0 ? null : values.reduce((found, value) => choose(found, value));
}

function negated(value: number | null): number | null {
  return value === null ? null : -value;
}

function longestRun(profits: Float64Array): number {
  let [longest, run] = [0, 0];
  for (const profit of profits) {
    run = profit > 0 ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  return longest;
}
