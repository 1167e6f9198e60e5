import { z } from 'zod';
import { compareMeans } from './measures/compare-means.ts';
import { upwardProbability } from './measures/drift.ts';
import { expectedBarsToStop, RANGE_PER_SD } from './measures/holding-time.ts';
import { trendFit } from './measures/regime-fit.ts';
import { meanClose, meanTrueRange } from './measures/window.ts';
import { exitSignal, strengthOf } from './signals.ts';
import type { Hold, Holding, Signal, Strategy, StrategyContext } from './strategy.ts';

const TrendFollowingParams = z
  .strictObject({
    /** Bars of the fast mean of closes. */
    fast_bars: z.int().min(2).max(500),
    /** Bars of the slow mean of closes, more than fast_bars. */
    slow_bars: z.int().min(3).max(1000),
    /** Bars of the average true range. */
    atr_bars: z.int().min(2).max(500),
    /** The stop's distance below the entry price, in average true ranges. */
    stop_atr: z.number().gt(0).max(20),
    /** The lowest regime trend that speaks for an entry. */
    trend_min: z.number().min(-1).max(1),
    /** Share of equity put into a position. */
    risk_fraction: z.number().gt(0).max(1),
  })
  .refine((params) => params.fast_bars < params.slow_bars, {
    path: ['fast_bars'],
    message: 'must be below slow_bars',
  });
type TrendFollowingParams = z.infer<typeof TrendFollowingParams>;

const NO_TREND: Hold = { hold: 'fast_not_above_slow' };
const BELOW_FAST: Hold = { hold: 'close_not_above_fast' };
const HOLDING: Hold = { hold: 'holding' };
const STOP = exitSignal('stop');
const TREND_OVER = exitSignal('fast_below_slow');

/** Holds while the fast mean of closes is above the slow one. */
export const trendFollowing: Strategy<TrendFollowingParams> = {
  name: 'trend_following',
  description:
    'Holds while the fast mean of closes is above the slow one; a stop waits at the venue below the entry.',
  legs: 1,
  paramNames: Object.keys(TrendFollowingParams.shape),
  schema: TrendFollowingParams,
  lookbackBars: (params) => Math.max(params.slow_bars, params.atr_bars + 1),
  decide: (context) => {
    const { position } = context.legs[0];
    return position ? leave(context, position) : enter(context);
  },
  modelFit: (regime, params, direction) => trendFit(regime.hmmTrend, params.trend_min, direction),
};

/**
 * The close must be above the fast mean too, or a position that was stopped out would be bought back at once. The expected
 * holding time is that to the stop, or to slow_bars: by then the slow mean has forgotten the bars of the entry.
 */
function enter({ legs, params }: StrategyContext<TrendFollowingParams>): Signal | Hold {
  const { bars } = legs[0];
  if (compareMeans(bars, params.fast_bars, params.slow_bars) <= 0) return NO_TREND;
  const close = bars.close(0);
  const fast = meanClose(bars, params.fast_bars);
  if (close <= fast) return BELOW_FAST;
  const range = meanTrueRange(bars, params.atr_bars);
  const lead = fast - meanClose(bars, params.slow_bars);
  const stopPrice = close - params.stop_atr * range;
  return {
    direction: 1,
    strength: range > 0 ? strengthOf(lead / range) : 1,
    confidence: upwardProbability(bars, params.slow_bars - 1),
    holdingBars: expectedBarsToStop(params.stop_atr * RANGE_PER_SD, params.slow_bars),
    reason: 'fast_above_slow',
    wishes: [
      {
        kind: 'enter',
        leg: 0,
        side: 'buy',
        equityFraction: params.risk_fraction,
        style: { type: 'market' },
        ...(stopPrice > 0 && { protection: { stopPrice } }),
      },
    ],
  };
}

/** The stop at the venue stands where it was set; this one moves with the range of now, and counts at the close. */
function leave(
  { legs, params }: StrategyContext<TrendFollowingParams>,
  { entryPrice }: Holding,
): Signal | Hold {
  const { bars } = legs[0];
  const fall = entryPrice - bars.close(0);
  if (fall >= 0 && fall >= params.stop_atr * meanTrueRange(bars, params.atr_bars)) return STOP;
  return compareMeans(bars, params.fast_bars, params.slow_bars) < 0 ? TREND_OVER : HOLDING;
}
