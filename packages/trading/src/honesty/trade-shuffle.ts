import { pickAt } from '@aistock/shared';
import type { ClosedTrade } from '../core/index.ts';
import { BandCollector, compound, refuseRuns, spreadOf } from './resampling.ts';
import type { Bands, ResamplingPolicy, Spread } from './resampling.ts';

const SHUFFLE_LANE = 10;
/** Orders with the same fall differ by so much at most. */
const ROUNDING = 1e-12;

/** What other orders of the same trades would have been like. Drawdowns are between exits, from 0 to 1. */
export interface TradeShuffle {
  readonly runs: number;
  readonly trades: number;
  readonly drawdownMax: Spread;
  /** That of the order in which they came. */
  readonly drawdownActual: number;
  /** Share of the orders with a drawdown that is no deeper: near 0 the order was lucky, near 1 unlucky. */
  readonly drawdownPercentile: number;
  readonly bands: Bands;
}

/**
 * Shuffles trades, each as its profit over the equity that it found, so that every order ends at the same equity and only
 * the way there differs. Null of fewer than two trades, and where equity was gone before the last.
 */
export function shuffleTrades(
  trades: readonly ClosedTrade[],
  equityStart: number,
  policy: ResamplingPolicy,
): TradeShuffle | null {
  refuseRuns(policy);
  const returns = returnsOnEquity(trades, equityStart);
  if (returns === null || returns.length < 2) return null;
  const collector = new BandCollector(returns.length, policy.runs);
  const drawdowns = Float64Array.from({ length: policy.runs }, (_, run) => {
    const order = shuffled(returns, policy.seed, run);
    return compound(order, (step, multiple) => collector.see(run, step, multiple)).drawdownMax;
  });
  const actual = compound(returns, () => undefined).drawdownMax;
  return {
    runs: policy.runs,
    trades: returns.length,
    drawdownMax: spreadOf(drawdowns),
    drawdownActual: actual,
    drawdownPercentile: drawdowns.filter((depth) => depth <= actual + ROUNDING).length / policy.runs,
    bands: collector.bands(),
  };
}

function returnsOnEquity(trades: readonly ClosedTrade[], equityStart: number): Float64Array | null {
  const returns = new Float64Array(trades.length);
  let equity = equityStart;
  for (const [index, { pnl }] of trades.entries()) {
    if (!(equity > 0)) return null;
    returns[index] = Number(pnl) / equity;
    equity += Number(pnl);
  }
  return returns;
}

/** Fisher and Yates, with draws that are numbered through the runs. */
function shuffled(values: Float64Array, seed: number, run: number): Float64Array {
  const order = values.slice();
  for (let last = order.length - 1; last > 0; last--) {
    const other = pickAt(last + 1, seed, SHUFFLE_LANE, run * order.length + last);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
