import { z } from 'zod';
import type { BarView } from '../bars/index.ts';
import { barsToShrink, fitAutoregression, nextMoveProbability } from './measures/autoregression.ts';
import { calmFit } from './measures/regime-fit.ts';
import { closeDeviation, meanClose } from './measures/window.ts';
import { exitSignal } from './signals.ts';
import type { Hold, Holding, Signal, Strategy, StrategyContext } from './strategy.ts';

const MeanReversionParams = z
  .strictObject({
    /** Bars before the newest of the mean and of the standard deviation. */
    lookback_bars: z.int().min(5).max(1000),
    /** How far from its mean the close has to be, in standard deviations. */
    entry_z: z.number().gt(0).max(20),
    /** How far from its mean, on the side of the entry, the close still is when it leaves; below 0 on the other side. */
    exit_z: z.number().min(-20).max(20),
    /** How far from its mean the close has to be to give up. */
    stop_z: z.number().gt(0).max(50),
    /** The position is closed after this many bars. */
    hold_bars_max: z.int().min(1).max(2_000),
    /** Largest size of the regime trend that speaks for an entry. */
    trend_abs_max: z.number().min(0).max(1),
    /** Share of equity put into a position. */
    risk_fraction: z.number().gt(0).max(1),
    /** 1 sells short what is far above its mean; 0 only buys. */
    allow_short: z.int().min(0).max(1),
  })
  .refine((params) => params.exit_z < params.entry_z, {
    path: ['exit_z'],
    message: 'must be below entry_z',
  })
  .refine((params) => params.entry_z < params.stop_z, {
    path: ['entry_z'],
    message: 'must be below stop_z',
  });
type MeanReversionParams = z.infer<typeof MeanReversionParams>;

const NEAR_MEAN: Hold = { hold: 'close_near_mean' };
const BEYOND_STOP: Hold = { hold: 'beyond_stop' };
const HOLDING: Hold = { hold: 'holding' };
const STOP = exitSignal('stop');
const REVERTED = exitSignal('reverted');
const TIME_LIMIT = exitSignal('time_limit');

/** Buys what is far below its mean, and sells short what is far above it where it may. */
export const meanReversion: Strategy<MeanReversionParams> = {
  name: 'mean_reversion',
  description:
    'Buys a close far below its mean, or sells short one far above; stop and target wait at the venue, and a time limit.',
  legs: 1,
  paramNames: Object.keys(MeanReversionParams.shape),
  schema: MeanReversionParams,
  lookbackBars: (params) => params.lookback_bars + 1,
  decide: (context) => {
    const { position } = context.legs[0];
    return position ? leave(context, position) : enter(context);
  },
  modelFit: (regime, params, direction) =>
    direction === 0 ? 0 : calmFit(Math.abs(regime.hmmTrend), params.trend_abs_max),
};

/**
 * How many standard deviations the newest close is from the mean of the closes before it. It is no part of mean and
 * deviation itself: it would stretch them, so that z could never pass (n - 1) / √n.
 */
function zOfClose(bars: BarView, count: number): number {
  const mean = meanClose(bars, count, 1);
  const distance = bars.close(0) - mean;
  return distance === 0 ? 0 : distance / closeDeviation(bars, count, mean);
}

function enter({ legs, params }: StrategyContext<MeanReversionParams>): Signal | Hold {
  const { bars } = legs[0];
  const distance = zOfClose(bars, params.lookback_bars);
  if (distance > -params.entry_z && (distance < params.entry_z || params.allow_short === 0)) return NEAR_MEAN;
  if (Math.abs(distance) >= params.stop_z) return BEYOND_STOP;
  return entry(bars, distance, params);
}

/**
 * The closes are taken as an autoregression: it says how likely the next close is nearer to the mean, and in how many bars
 * the distance may have shrunk to that of the exit.
 */
function entry(bars: BarView, distance: number, params: MeanReversionParams): Signal {
  const { lookback_bars, entry_z, exit_z, stop_z } = params;
  const direction = distance < 0 ? 1 : -1;
  const model = fitAutoregression(
    Float64Array.from({ length: lookback_bars + 1 }, (_, index) => bars.close(lookback_bars - index)),
  );
  const mean = meanClose(bars, lookback_bars, 1);
  const deviation = closeDeviation(bars, lookback_bars, mean);
  const stopPrice = mean - direction * stop_z * deviation;
  const targetPrice = mean - direction * exit_z * deviation;
  return {
    direction,
    strength: (Math.abs(distance) - entry_z) / (stop_z - entry_z),
    confidence: nextMoveProbability(model, bars.close(0), direction),
    holdingBars: barsToShrink(model, [Math.abs(distance), exit_z], params.hold_bars_max),
    reason: direction > 0 ? 'far_below_mean' : 'far_above_mean',
    wishes: [
      {
        kind: 'enter',
        leg: 0,
        side: direction > 0 ? 'buy' : 'sell',
        equityFraction: params.risk_fraction,
        style: { type: 'market' },
        protection: { ...(stopPrice > 0 && { stopPrice }), ...(targetPrice > 0 && { targetPrice }) },
      },
    ],
  };
}

/** Stop and target at the venue stand where they were set; these move with mean and deviation, and count at the close. */
function leave(
  { legs, params }: StrategyContext<MeanReversionParams>,
  { quantity, barsHeld }: Holding,
): Signal | Hold {
  const towards = Math.sign(quantity) * zOfClose(legs[0].bars, params.lookback_bars);
  if (towards <= -params.stop_z) return STOP;
  if (towards >= -params.exit_z) return REVERTED;
  return barsHeld >= params.hold_bars_max ? TIME_LIMIT : HOLDING;
}
