import type { PriceBar } from '@aistock/market';
import type { FeatureRef } from '@aistock/models';
import type { Timeframe } from '@aistock/shared';

/**
 * One number a bar, computed from that bar and those before it. `step` is both forms of it: over all bars it is the batch,
 * bar after bar the stream, so that the two cannot differ.
 */
export interface Feature<State = unknown> {
  readonly name: string;
  /** Grows whenever a number of it changes. */
  readonly version: number;
  /** What it reads of a bar. */
  readonly inputs: readonly (keyof PriceBar)[];
  readonly options: Readonly<Record<string, number>>;
  /**
   * Bars that must come before the first one whose value is used. From there on the value is the same wherever the history
   * began: to the bit for windows, to 1e-9 of the feature's own size for what is recursive.
   */
  readonly warmUpBars: number;
  readonly unit: string;
  readonly description: string;
  /** The state before the first bar: plain JSON of constant size, without NaN. */
  start(timeframe: Timeframe): State;
  /** Takes one bar into the state and tells its value; NaN where there is none. */
  step(state: State, bar: PriceBar): number;
}

/** A feature whose state is its own business. */
export const feature = <State>(entry: Feature<State>): Feature => entry;

export const refOf = ({ name, version }: FeatureRef): FeatureRef => ({ name, version });

/** Appends to a window and drops what is older than its last `size` values. */
export function pushWindow(window: number[], value: number, size: number): void {
  window.push(value);
  if (window.length > size) window.shift();
}

/** What is left of a start value once a recursive average has forgotten it. */
const FORGOTTEN = 1e-12;

/** Bars until an average that gives its newest value this weight has forgotten its seed to a part of 10¹². */
export const barsToForget = (weight: number): number => Math.ceil(Math.log(FORGOTTEN) / Math.log(1 - weight));
