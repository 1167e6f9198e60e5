import type { z } from 'zod';
import type { BarView } from '../bars/index.ts';

export type StrategyParams = Readonly<Record<string, number>>;

/** What the regime model says at a bar's close. */
export interface RegimeView {
  readonly modelId: string;
  /** Probability-weighted sign of the states' mean return, from -1 to 1. */
  readonly hmmTrend: number;
  /** Probability of the most volatile state, from 0 to 1. */
  readonly hmmRisk: number;
}

/** A position as a strategy sees it: its own, not the account's. */
export interface Holding {
  /** Open time of the bar in which it was entered, Unix ms. */
  readonly entryMs: number;
  /** Mean price of what is held. */
  readonly entryPrice: number;
  /** Above zero long, below zero short. */
  readonly quantity: number;
  /** Bars that have closed since the entry, the bar of the entry being the first. */
  readonly barsHeld: number;
}

/** One instrument of a strategy, at a bar's close. */
export interface LegView {
  readonly instrument: string;
  /** Closed bars up to now, at least `lookbackBars(params)` of them. */
  readonly bars: BarView;
  /** Undefined while flat. */
  readonly position: Holding | undefined;
  /** What an order in it has to be at the newest close; null where that is not known. */
  readonly rules: LegRules | null;
}

/** What a venue takes of an instrument. */
export interface LegRules {
  /** Quantities are multiples of it; above zero. */
  readonly lotSize: number;
  /** What an order must be worth at least; zero or above. */
  readonly notionalMin: number;
}

export interface StrategyContext<P extends StrategyParams = StrategyParams> {
  /** The instruments in the order in which the strategy was given them; the first is the primary one, whose bar just closed. */
  readonly legs: readonly [LegView, ...LegView[]];
  /** Undefined where no model answers or its word has expired. A rule does not depend on it; see `modelFit`. */
  readonly regime: RegimeView | undefined;
  readonly params: P;
  /** The account's equity in the instruments' currency at this close; null while a position has no mark. */
  readonly equity: number | null;
  /** Length of the primary leg's bars in ms. */
  readonly barMs: number;
}

/** How an order is to reach the market. Prices are float64 and are brought to the tick when the order is made. */
export type OrderStyle =
  | { readonly type: 'market' }
  /** Joins the book at a price. */
  | { readonly type: 'limit'; readonly limitPrice: number }
  /** Crosses the spread, but pays at most so much more than the newest close. */
  | { readonly type: 'marketable_limit'; readonly offsetBps: number }
  | { readonly type: 'stop'; readonly stopPrice: number };

/** Orders that wait at the venue and leave a position for it; where both are there, the fill of one cancels the other. */
export interface Protection {
  readonly stopPrice?: number;
  readonly targetPrice?: number;
  /** A stop that follows the best price at this distance. */
  readonly trailBps?: number;
}

/** One thing that a strategy wants done in one of its legs. */
export type Wish =
  /** Opens a position; refused while the leg holds something that the same signal does not leave by an exit before it. */
  | {
      readonly kind: 'enter';
      readonly leg: number;
      readonly side: 'buy' | 'sell';
      /** The share of equity to put in, above 0 and at most 1; sizing may make it smaller. */
      readonly equityFraction: number;
      readonly style: OrderStyle;
      readonly protection?: Protection;
    }
  /** Leaves what is held in the leg, whole. */
  | { readonly kind: 'exit'; readonly leg: number; readonly style: OrderStyle }
  /**
   * Replaces every quote that works in the leg by these; an empty list only takes them away, and a hold leaves them where
   * they are. A quote is a limit order that
   * adds to what is held, or reduces it; a price through the market takes what is there.
   */
  | {
      readonly kind: 'quote';
      readonly leg: number;
      readonly quotes: readonly {
        readonly side: 'buy' | 'sell';
        readonly price: number;
        readonly equityFraction: number;
      }[];
    };

/** What a strategy makes of a bar's close; it is acted upon after it. */
export interface Signal {
  /** 1 up, -1 down, 0 out or neither. */
  readonly direction: -1 | 0 | 1;
  /** How far the rule is beyond its threshold, from 0 to 1. */
  readonly strength: number;
  /** Probability that the direction is right as far as the rule can tell, from 0 to 1; 0.5 knows nothing. */
  readonly confidence: number;
  /** Expected holding time in bars of the primary leg; 0 for an exit. */
  readonly holdingBars: number;
  /** A stable code, such as `breakout` or `time_limit`. */
  readonly reason: string;
  readonly wishes: readonly Wish[];
}

/** What a strategy says where it wants nothing: why not, as a stable code such as `no_breakout`. */
export interface Hold {
  readonly hold: string;
}

/**
 * A rule from closed bars to signals. It is pure and its memory is finite: what it decides follows from the last
 * `lookbackBars(params)` bars of each leg, its own position and what its instruments' rules are alone, so that it decides the same wherever the series that
 * it is shown begins.
 */
export interface Strategy<P extends StrategyParams = StrategyParams> {
  readonly name: string;
  readonly description: string;
  /** How many instruments it trades. Several are entered together; one that is held without the others is left by the core. */
  readonly legs: number;
  /**
   * Whether what it holds is an inventory that its quotes build up and reduce: seldom flat, so that it takes new parameters
   * while it holds. Left out, a position keeps those that it was entered with.
   */
  readonly inventory?: boolean;
  readonly paramNames: readonly string[];
  /** What the parameters may be at all; the bounds of a strategy's schema file lie inside. */
  readonly schema: z.ZodType<P>;
  lookbackBars(params: P): number;
  /** @param context holds parameters that `schema` has passed. */
  decide(context: StrategyContext<P>): Signal | Hold;
  /**
   * How far a regime speaks for a signal in this direction, from -1 (against it) over 0 (nothing either way) to 1. What
   * follows from it is the slot's `ModelUse`: confirm needs more than 0, scale multiplies by it, veto refuses below 0. Null
   * where no regime has a say.
   */
  modelFit(regime: RegimeView, params: P, direction: -1 | 0 | 1): number | null;
}
