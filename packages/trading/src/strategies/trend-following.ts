import { z } from 'zod';
import type { Signal, Strategy, StrategyContext } from './strategy.ts';
import { meanClose, meanTrueRange, newest } from './window.ts';

const TrendFollowingParams = z.strictObject({
  /** Bars of the fast mean of closes. */
  fast_bars: z.int().min(2).max(500),
  /** Bars of the slow mean of closes, more than fast_bars. */
  slow_bars: z.int().min(3).max(1000),
  /** Bars of the average true range. */
  atr_bars: z.int().min(2).max(500),
  /** The stop's distance below the entry price, in average true ranges of now. */
  stop_atr: z.number().gt(0).max(20),
  /** The lowest regime trend at which it enters. */
  trend_min: z.number().min(-1).max(1),
  /** Share of equity put into a position. */
  risk_fraction: z.number().gt(0).max(1),
});
type TrendFollowingParams = z.infer<typeof TrendFollowingParams>;

/** Holds while the fast mean of closes is above the slow one; enters only in an upward regime. */
export const trendFollowing: Strategy<TrendFollowingParams> = {
  name: 'trend_following',
  description:
    'Holds while the fast mean of closes is above the slow one, entering in an upward regime; stop.',
  paramNames: Object.keys(TrendFollowingParams.shape),
  schema: TrendFollowingParams.refine((params) => params.fast_bars < params.slow_bars, {
    path: ['fast_bars'],
    message: 'must be below slow_bars',
  }),
  lookbackBars: (params) => Math.max(params.slow_bars, params.atr_bars + 1),
  decide: (context) => (context.position ? exit(context) : entry(context)),
};

/** The close must be above the fast mean too, or a position that was stopped out would be bought back at once. */
function entry({ bars, regime, params }: StrategyContext<TrendFollowingParams>): Signal | undefined {
  if (regime === undefined || regime.hmmTrend < params.trend_min) return undefined;
  const fast = meanClose(bars, params.fast_bars);
  if (fast <= meanClose(bars, params.slow_bars) || newest(bars).close <= fast) return undefined;
  return { action: 'enter_long', equityFraction: params.risk_fraction, reason: 'fast_above_slow' };
}

function exit({ bars, params, position }: StrategyContext<TrendFollowingParams>): Signal | undefined {
  if (position === undefined) return undefined;
  const stop = position.entryPrice - params.stop_atr * meanTrueRange(bars, params.atr_bars);
  if (newest(bars).close <= stop) return { action: 'exit_long', reason: 'stop' };
  if (meanClose(bars, params.fast_bars) < meanClose(bars, params.slow_bars)) {
    return { action: 'exit_long', reason: 'fast_below_slow' };
  }
  return undefined;
}
