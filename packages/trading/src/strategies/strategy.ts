import type { PriceBar } from '@aistock/market';
import type { z } from 'zod';

export type StrategyParams = Readonly<Record<string, number>>;

/** What the regime model says at a bar's close. */
export interface RegimeView {
  readonly modelId: string;
  /** Probability-weighted sign of the states' mean return, from -1 to 1. */
  readonly hmmTrend: number;
  /** Probability of the most volatile state, from 0 to 1. */
  readonly hmmRisk: number;
}

/** A long position as a strategy sees it. */
export interface Holding {
  /** Open time of the bar in which it was entered, Unix ms. */
  readonly entryMs: number;
  readonly entryPrice: number;
  readonly quantity: number;
  /** Bars that have closed since the entry, the bar of the entry being the first. */
  readonly barsHeld: number;
}

export interface StrategyContext<P extends StrategyParams = StrategyParams> {
  /** Closed bars in ascending order, the one that just closed last; at least `lookbackBars(params)` of them. */
  readonly bars: readonly PriceBar[];
  /** Undefined where no model answers: no entry may follow from that, an exit may. */
  readonly regime: RegimeView | undefined;
  readonly params: P;
  /** Undefined while flat. */
  readonly position: Holding | undefined;
}

/** What a strategy wants at a bar's close; it is acted upon at the next bar's open. */
export type Signal =
  | {
      readonly action: 'enter_long';
      /** The share of equity to put in, above 0 and at most 1. */
      readonly equityFraction: number;
      readonly reason: string;
    }
  | { readonly action: 'exit_long'; readonly reason: string };

/**
 * A rule from closed bars to signals. It is pure and its memory is finite: what it decides follows from the last
 * `lookbackBars(params)` bars alone, so that it decides the same wherever the series that it is shown begins.
 */
export interface Strategy<P extends StrategyParams = StrategyParams> {
  readonly name: string;
  readonly description: string;
  readonly paramNames: readonly string[];
  /** What the parameters may be at all; the bounds of a strategy's presets lie inside. */
  readonly schema: z.ZodType<P>;
  lookbackBars(params: P): number;
  /** @param context holds parameters that `schema` has passed. */
  decide(context: StrategyContext<P>): Signal | undefined;
}
