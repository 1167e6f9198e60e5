import { z } from 'zod';
import { upwardProbability } from './measures/drift.ts';
import { expectedBarsToStop, RANGE_PER_SD } from './measures/holding-time.ts';
import { trendFit } from './measures/regime-fit.ts';
import { highestHighBefore, meanTrueRange, wasReachedBefore } from './measures/window.ts';
import { exitSignal, strengthOf } from './signals.ts';
import type { Hold, Holding, Signal, Strategy, StrategyContext } from './strategy.ts';

const MomentumBreakoutParams = z.strictObject({
  /** Bars of the channel whose top has to be broken. */
  lookback_bars: z.int().min(2).max(1000),
  /** How far above the channel the close has to be, in average true ranges. */
  breakout_atr: z.number().min(0).max(10),
  /** Bars of the average true range. */
  atr_bars: z.int().min(2).max(500),
  /** The stop's distance below the entry price, in average true ranges. */
  stop_atr: z.number().gt(0).max(20),
  /** The position is closed after this many bars. */
  hold_bars_max: z.int().min(1).max(2_000),
  /** Share of equity put into a position. */
  risk_fraction: z.number().gt(0).max(1),
  /** The lowest regime trend that speaks for an entry. */
  trend_min: z.number().min(-1).max(1),
});
type MomentumBreakoutParams = z.infer<typeof MomentumBreakoutParams>;

const NO_BREAKOUT: Hold = { hold: 'no_breakout' };
const HOLDING: Hold = { hold: 'holding' };
const STOP = exitSignal('stop');
const TIME_LIMIT = exitSignal('time_limit');

/** Buys a close above the channel of the last highs; sells at its stop or when its time is up. */
export const momentumBreakout: Strategy<MomentumBreakoutParams> = {
  name: 'momentum_breakout',
  description:
    'Buys a close above the highest high of the last bars; a stop waits at the venue, and a time limit ends it.',
  legs: 1,
  paramNames: Object.keys(MomentumBreakoutParams.shape),
  schema: MomentumBreakoutParams,
  lookbackBars: (params) => Math.max(params.lookback_bars, params.atr_bars) + 1,
  decide: (context) => {
    const { position } = context.legs[0];
    return position ? leave(context, position) : enter(context);
  },
  modelFit: (regime, params, direction) => trendFit(regime.hmmTrend, params.trend_min, direction),
};

/** Most closes are not above the channel, which the first higher bar shows; only the others need its top and the range. */
function enter({ legs, params }: StrategyContext<MomentumBreakoutParams>): Signal | Hold {
  const { bars } = legs[0];
  const close = bars.close(0);
  if (wasReachedBefore(bars, params.lookback_bars, close)) return NO_BREAKOUT;
  const range = meanTrueRange(bars, params.atr_bars);
  const beyond = close - highestHighBefore(bars, params.lookback_bars) - params.breakout_atr * range;
  if (beyond <= 0) return NO_BREAKOUT;
  const stopPrice = close - params.stop_atr * range;
  return {
    direction: 1,
    strength: strengthOf(beyond / range),
    confidence: upwardProbability(bars, params.lookback_bars),
    holdingBars: expectedBarsToStop(params.stop_atr * RANGE_PER_SD, params.hold_bars_max),
    reason: 'breakout',
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
  { legs, params }: StrategyContext<MomentumBreakoutParams>,
  { entryPrice, barsHeld }: Holding,
): Signal | Hold {
  const { bars } = legs[0];
  const fall = entryPrice - bars.close(0);
  if (fall >= 0 && fall >= params.stop_atr * meanTrueRange(bars, params.atr_bars)) return STOP;
  return barsHeld >= params.hold_bars_max ? TIME_LIMIT : HOLDING;
}
