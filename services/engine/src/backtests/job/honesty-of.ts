import type { Calendar } from '@aistock/market';
import type { BacktestResult } from '@aistock/trading/backtest';
import {
  blockDaysFor,
  bootstrapReturns,
  deflatedSharpe,
  sharpeRecordOf,
  shuffleTrades,
  type ReturnsBootstrap,
  type TradeShuffle,
  type Trials,
} from '@aistock/trading/honesty';
import { dailyValues, returnsOf, type Performance } from '@aistock/trading/metrics';

const RESAMPLING_RUNS = 1_000;

/** How much of a result may be luck. */
export interface Honesty {
  readonly deflatedSharpe: number | null;
  readonly shuffle: TradeShuffle | null;
  readonly bootstrap: ReturnsBootstrap | null;
}

/** What was tried before, Sharpe ratios annualised. */
export interface TriedBefore {
  readonly count: number;
  readonly sharpeVarianceAnnual: number;
}

export function honestyOf(
  result: BacktestResult,
  told: Performance,
  { calendar, seed, tried }: { calendar: Calendar; seed: number; tried: TriedBefore | null },
): Honesty {
  const { start, values } = dailyValues(result.equityMs, result.equity, calendar);
  const returns = returnsOf(start, values);
  const policy = { seed, runs: RESAMPLING_RUNS };
  const { daysPerYear } = told.daily;
  return {
    deflatedSharpe:
      tried &&
      deflated(told, { count: tried.count, sharpeVariance: tried.sharpeVarianceAnnual / daysPerYear }),
    shuffle: shuffleTrades(result.trades, Number(result.equityStart), policy),
    bootstrap:
      returns.length < 2
        ? null
        : bootstrapReturns(returns, daysPerYear, {
            ...policy,
            method: 'stationary',
            blockDays: blockDaysFor(returns.length),
          }),
  };
}

function deflated({ daily }: Performance, trials: Trials): number | null {
  const record = sharpeRecordOf(daily);
  return record && deflatedSharpe(record, trials);
}
