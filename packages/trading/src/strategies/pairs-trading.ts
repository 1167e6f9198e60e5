import { z } from 'zod';
import {
  barsToShrink,
  fitAutoregression,
  halfLifeBars,
  nextMoveProbability,
} from './measures/autoregression.ts';
import type { Line } from './measures/fit-line.ts';
import { pairCloses } from './measures/paired-closes.ts';
import { calmFit } from './measures/regime-fit.ts';
import { distanceSpread, isCointegrated, regressedSpread, type Spread } from './measures/spread.ts';
import { exitSignal } from './signals.ts';
import type { Hold, LegView, Signal, Strategy, StrategyContext } from './strategy.ts';

const PairsTradingParams = z
  .strictObject({
    /** 0: distance of normalised prices, equal values; 1: cointegration, hedge ratio by regression of log prices. */
    method: z.int().min(0).max(1),
    /** Bars over which hedge ratio, mean and deviation of the spread are estimated. */
    formation_bars: z.int().min(20).max(2_000),
    /** Distance of the spread from its mean at which it enters, in standard deviations. */
    entry_z: z.number().gt(0).max(20),
    /** Distance, on the side of the entry, at which it leaves. */
    exit_z: z.number().min(0).max(20),
    /** Distance at which it gives up. */
    stop_z: z.number().gt(0).max(50),
    /** Longest half-life of the spread at which it enters. */
    half_life_bars_max: z.number().gt(0).max(2_000),
    /** Both legs are closed after this many bars. */
    hold_bars_max: z.int().min(1).max(2_000),
    /** Share of equity put into the larger leg. */
    leg_fraction: z.number().gt(0).max(1),
    /** Highest probability of the most volatile regime that speaks for an entry. */
    risk_max: z.number().min(0).max(1),
  })
  .refine((params) => params.exit_z < params.entry_z, {
    path: ['exit_z'],
    message: 'must be below entry_z',
  })
  .refine((params) => params.entry_z < params.stop_z, {
    path: ['entry_z'],
    message: 'must be below stop_z',
  });
type PairsTradingParams = z.infer<typeof PairsTradingParams>;

/** Share of the window for which both legs must have a bar. */
const PAIRED_SHARE_MIN = 0.9;
const OUT_OF_STEP: Hold = { hold: 'legs_out_of_step' };
const NO_HEDGE: Hold = { hold: 'hedge_ratio_not_positive' };
const NEAR_MEAN: Hold = { hold: 'spread_near_mean' };
const BEYOND_STOP: Hold = { hold: 'beyond_stop' };
const SLOW: Hold = { hold: 'half_life_too_long' };
const NOT_COINTEGRATED: Hold = { hold: 'not_cointegrated' };
const LEG_AWAITED: Hold = { hold: 'leg_awaited' };
const HOLDING: Hold = { hold: 'holding' };
const BOTH_LEGS = [0, 1];
const STOP = exitSignal('stop', BOTH_LEGS);
const REVERTED = exitSignal('reverted', BOTH_LEGS);
const TIME_LIMIT = exitSignal('time_limit', BOTH_LEGS);

/** Buys the cheap one of two instruments and sells the dear one short, until their spread has come back. */
export const pairsTrading: Strategy<PairsTradingParams> = {
  name: 'pairs_trading',
  description:
    'Sells the dear leg and buys the cheap one when their spread is far from its mean; leaves both together.',
  legs: 2,
  paramNames: Object.keys(PairsTradingParams.shape),
  schema: PairsTradingParams,
  lookbackBars: (params) => params.formation_bars + 1,
  decide: (context) => {
    const [first, second] = context.legs;
    if (!second) throw new RangeError('pairs_trading needs two legs');
    if (!first.position && !second.position) return enter(first, second, context.params);
    return leave(first, second, context);
  },
  modelFit: (regime, params, direction) => (direction === 0 ? 0 : calmFit(regime.hmmRisk, params.risk_max)),
};

/** Of the window as it is now: a position is judged by the newest hedge ratio and mean, not by those that it began with. */
function measure(first: LegView, second: LegView, params: PairsTradingParams): Spread | undefined {
  const count = params.formation_bars + 1;
  const closes = pairCloses(first.bars, second.bars, count);
  if (!closes || closes.first.length < PAIRED_SHARE_MIN * count) return undefined;
  return params.method === 1 ? regressedSpread(closes) : distanceSpread(closes);
}

function enter(first: LegView, second: LegView, params: PairsTradingParams): Signal | Hold {
  const spread = measure(first, second, params);
  if (!spread) return OUT_OF_STEP;
  if (Math.abs(spread.z) < params.entry_z) return NEAR_MEAN;
  if (Math.abs(spread.z) >= params.stop_z) return BEYOND_STOP;
  if (spread.hedgeRatio <= 0) return NO_HEDGE;
  const model = fitAutoregression(spread.formation);
  if (halfLifeBars(model) > params.half_life_bars_max) return SLOW;
  if (params.method === 1 && !isCointegrated(spread)) return NOT_COINTEGRATED;
  return entry(spread, model, params);
}

/** The larger leg gets the whole fraction, the other as much less as the hedge ratio says. */
function entry({ z: distance, newest, hedgeRatio }: Spread, model: Line, params: PairsTradingParams): Signal {
  const { entry_z, exit_z, stop_z, leg_fraction } = params;
  const direction = distance < 0 ? 1 : -1;
  const larger = Math.max(1, hedgeRatio);
  const leg = (index: number, side: -1 | 1, share: number) =>
    ({
      kind: 'enter',
      leg: index,
      side: side > 0 ? 'buy' : 'sell',
      equityFraction: leg_fraction * share,
      style: { type: 'market' },
    }) as const;
  return {
    direction,
    strength: (Math.abs(distance) - entry_z) / (stop_z - entry_z),
    confidence: nextMoveProbability(model, newest, direction),
    holdingBars: barsToShrink(model, [Math.abs(distance), exit_z], params.hold_bars_max),
    reason: direction > 0 ? 'spread_below_mean' : 'spread_above_mean',
    wishes: [leg(0, direction, 1 / larger), leg(1, direction > 0 ? -1 : 1, hedgeRatio / larger)],
  };
}

/** While one leg has filled and the other has not, there is nothing to judge yet. */
function leave(
  first: LegView,
  second: LegView,
  { params }: StrategyContext<PairsTradingParams>,
): Signal | Hold {
  if (!first.position || !second.position) return LEG_AWAITED;
  if (first.position.barsHeld >= params.hold_bars_max) return TIME_LIMIT;
  const spread = measure(first, second, params);
  if (!spread) return OUT_OF_STEP;
  const towards = Math.sign(first.position.quantity) * spread.z;
  if (towards <= -params.stop_z) return STOP;
  return towards >= -params.exit_z ? REVERTED : HOLDING;
}
