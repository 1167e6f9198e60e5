import { z } from 'zod';
import { endsSlice, expectedVolume, tradedSince } from './measures/slices.ts';
import { noQuotes } from './signals.ts';
import type { Hold, Signal, Strategy, StrategyContext } from './strategy.ts';

const VwapParticipationParams = z
  .strictObject({
    /** What is to be held in the end, as a share of the equity at the mean price that is paid for it. */
    target_fraction: z.number().gt(0).max(1),
    /** 1 sells the target short; 0 buys it. */
    sell: z.int().min(0).max(1),
    /** Bars of past days from which the volume of each time of the day is learned. */
    curve_bars: z.int().min(10).max(50_000),
    /** Newest bars since the first fill whose volume-weighted price bounds the limit. */
    benchmark_bars: z.int().min(1).max(50_000),
    /** Share of the volume that it aims for. */
    participation_rate: z.number().gt(0).max(1),
    /** Share of the expected volume that a slice never exceeds. */
    participation_rate_max: z.number().gt(0).max(1),
    /** How long a slice lasts; at least one bar. */
    slice_s: z.int().min(1).max(86_400),
    /** Share of a shortfall that the next slice tries to make up. */
    catch_up_rate: z.number().min(0).max(1),
    /** How far beyond the volume-weighted price, and around the newest close, a limit may go. */
    limit_offset_bps: z.number().min(0).max(1_000),
    /** 0 waits at the far side of the newest close, 1 crosses it. */
    urgency: z.number().min(0).max(1),
  })
  .refine((params) => params.participation_rate < params.participation_rate_max, {
    path: ['participation_rate'],
    message: 'must be below participation_rate_max',
  })
  .refine((params) => params.benchmark_bars < params.curve_bars, {
    path: ['benchmark_bars'],
    message: 'must be below curve_bars',
  });
type VwapParticipationParams = z.infer<typeof VwapParticipationParams>;

/** The parent order counts as done when so much of it is, or no order is small enough for the rest: fees keep it from being quite whole. */
const DONE_SHARE = 0.998;
/** What float64 may be short of a whole number of lots. */
const LOTS_SLACK = 1e-9;
const SLICE_WORKING: Hold = { hold: 'slice_working' };
const EQUITY_UNKNOWN = noQuotes('equity_unknown');
const NO_VOLUME = noQuotes('no_volume_expected');
const DONE = noQuotes('parent_done');

/**
 * Works a parent order along the market's volume (Kissell and Glantz, Optimal Trading Strategies, 2003, chapter 10). It
 * predicts nothing; it keeps what it has bought, until something else leaves it.
 *
 * On bars this is an approximation: a slice is no shorter than a bar, own and other volume are not told apart, there is no
 * spread to join or to cross, so that a limit is set around the newest close, and the shares of a slice that came before and
 * after a change of price are not known.
 */
export const vwapParticipation: Strategy<VwapParticipationParams> = {
  name: 'vwap_participation',
  description:
    'Splits a parent order into limit orders along the volume curve of past days; on bars an approximation, without a book.',
  legs: 1,
  paramNames: Object.keys(VwapParticipationParams.shape),
  schema: VwapParticipationParams,
  lookbackBars: (params) => params.curve_bars,
  decide,
  /** The parent order was wanted by somebody else; no regime speaks for or against it. */
  modelFit: () => null,
};

function decide({ legs, params, equity, barMs }: StrategyContext<VwapParticipationParams>): Signal | Hold {
  const [{ bars, position }] = legs;
  const closeMs = bars.openMs(0) + barMs;
  const sliceMs = Math.ceil((params.slice_s * 1_000) / barMs) * barMs;
  if (!endsSlice(closeMs, barMs, sliceMs)) return SLICE_WORKING;
  if (equity === null || equity <= 0) return EQUITY_UNKNOWN;

  const direction = params.sell === 1 ? -1 : 1;
  const held = direction * (position?.quantity ?? 0);
  const parent = parentQuantity(legs[0], params.target_fraction, equity);
  const left = parent - held;
  const least = leastQuantity(legs[0]);
  if (held >= DONE_SHARE * parent || (held > 0 && left < least * (1 - LOTS_SLACK))) return DONE;
  const expected = expectedVolume(bars, params.curve_bars, closeMs, sliceMs);
  if (expected === 0) return NO_VOLUME;

  const sinceMs = position?.entryMs ?? Infinity;
  const behind = params.participation_rate * tradedSince(bars, params.curve_bars, sinceMs).volume - held;
  const most = params.participation_rate_max * expected;
  const wanted = params.participation_rate * expected + params.catch_up_rate * Math.max(0, behind);
  // Shares of volume that are too small for an order add up until one is due.
  const slice = behind >= 0 ? Math.max(wanted, least) : wanted;
  const quantity = wholeLots(Math.min(left, slice, most), legs[0]);
  const price = limitPrice(bars.close(0), tradedSince(bars, params.benchmark_bars, sinceMs).vwap, params);
  return {
    direction,
    strength: Math.min(1, quantity / most),
    confidence: 0.5,
    holdingBars: (left / (params.participation_rate * expected)) * (sliceMs / barMs),
    reason: 'slice',
    wishes: [
      {
        kind: 'quote',
        leg: 0,
        quotes: [
          {
            side: direction > 0 ? 'buy' : 'sell',
            price,
            equityFraction: Math.min(1, (quantity * price) / equity),
          },
        ],
      },
    ],
  };
}

/**
 * What the target's share of equity buys at the mean price so far, or at the newest close before the first fill. The profit
 * on what is held is taken off the equity, so that a price that moves does not move the goal.
 */
function parentQuantity(
  { bars, position }: StrategyContext['legs'][0],
  targetFraction: number,
  equity: number,
): number {
  const close = bars.close(0);
  if (!position) return (targetFraction * equity) / close;
  const profit = position.quantity * (close - position.entryPrice);
  return (targetFraction * (equity - profit)) / position.entryPrice;
}

/** The least that an order can be at the newest close; 0 where the rules are not known. */
function leastQuantity({ rules, bars }: StrategyContext['legs'][0]): number {
  if (!rules) return 0;
  const { lotSize, notionalMin } = rules;
  return lotSize * Math.max(1, Math.ceil(notionalMin / (bars.close(0) * lotSize)));
}

/** Half a lot more than whole lots, so that neither float64 nor the tick costs one when it is brought down to them. */
function wholeLots(quantity: number, { rules }: StrategyContext['legs'][0]): number {
  if (!rules) return quantity;
  return rules.lotSize * (Math.floor(quantity / rules.lotSize + LOTS_SLACK) + 0.5);
}

/** Around the newest close by urgency, and never further beyond the volume-weighted price than the offset. */
function limitPrice(
  close: number,
  vwap: number,
  { limit_offset_bps, urgency, sell }: VwapParticipationParams,
): number {
  const offset = limit_offset_bps / 10_000;
  const lean = (2 * urgency - 1) * offset;
  if (sell === 1) return Math.max(close * (1 - lean), vwap * (1 - offset));
  return Math.min(close * (1 + lean), vwap * (1 + offset));
}
