import { z } from 'zod';
import type { Signal, Strategy, StrategyContext } from './strategy.ts';
import { highestHighBefore, meanTrueRange, newest } from './window.ts';

const MomentumBreakoutParams = z.strictObject({
  /** Bars of the channel whose top has to be broken. */
  lookback_bars: z.int().min(2).max(1000),
  /** How far above the channel the close has to be, in average true ranges. */
  breakout_atr: z.number().min(0).max(10),
  /** Bars of the average true range. */
  atr_bars: z.int().min(2).max(500),
  /** The stop's distance below the entry price, in average true ranges of now. */
  stop_atr: z.number().gt(0).max(20),
  /** The position is closed after this many bars. */
  hold_bars_max: z.int().min(1).max(2_000),
  /** Share of equity put into a position. */
  risk_fraction: z.number().gt(0).max(1),
  /** The lowest regime trend at which it enters. */
  trend_min: z.number().min(-1).max(1),
});
type MomentumBreakoutParams = z.infer<typeof MomentumBreakoutParams>;

/** Buys a close above the channel of the last highs in an upward regime; sells at its stop or when its time is up. */
export const momentumBreakout: Strategy<MomentumBreakoutParams> = {
  name: 'momentum_breakout',
  description:
    'Buys a close above the highest high of the last bars in an upward regime; stop and time limit.',
  paramNames: Object.keys(MomentumBreakoutParams.shape),
  schema: MomentumBreakoutParams,
  lookbackBars: (params) => Math.max(params.lookback_bars, params.atr_bars) + 1,
  decide: (context) => (context.position ? exit(context) : entry(context)),
};

function entry({ bars, regime, params }: StrategyContext<MomentumBreakoutParams>): Signal | undefined {
  if (regime === undefined || regime.hmmTrend < params.trend_min) return undefined;
  const ceiling = highestHighBefore(bars, params.lookback_bars);
  const trigger = ceiling + params.breakout_atr * meanTrueRange(bars, params.atr_bars);
  if (newest(bars).close <= trigger) return undefined;
  return { action: 'enter_long', equityFraction: params.risk_fraction, reason: 'breakout' };
}

function exit({ bars, params, position }: StrategyContext<MomentumBreakoutParams>): Signal | undefined {
  if (position === undefined) return undefined;
  const stop = position.entryPrice - params.stop_atr * meanTrueRange(bars, params.atr_bars);
  if (newest(bars).close <= stop) return { action: 'exit_long', reason: 'stop' };
  if (position.barsHeld >= params.hold_bars_max) return { action: 'exit_long', reason: 'time_limit' };
  return undefined;
}
