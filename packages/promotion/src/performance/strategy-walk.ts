import type { PriceBar } from '@aistock/market';
import type { CostModel } from '@aistock/shared';
import type { BarSeries } from '@aistock/trading/bars';
import type { ModelUse, StreamSetup } from '@aistock/trading/core';
import type { RegimeView, Strategy, StrategyParams } from '@aistock/trading/strategies';
import type { RowFold } from '../folds/walk-forward.ts';

/** A model that was fitted on the bars before a fold's test window and on no others. */
export interface FoldModel {
  /**
   * What the model says at the close of each bar, given the bars up to it; null where it says nothing yet. As many as bars.
   * Asked again for bars that a scenario changed.
   */
  regimes(bars: readonly PriceBar[]): readonly (RegimeView | null)[];
}

/** One strategy on one stream, walked forward with a model that is fitted anew for each fold. */
export interface StrategyWalk {
  readonly strategy: Strategy;
  /** By name; each is a trial. */
  readonly presets: ReadonlyMap<string, StrategyParams>;
  /** What is traded with where the model says nothing. */
  readonly conservative: StrategyParams;
  readonly stream: StreamSetup;
  /** What prices are in. */
  readonly currency: string;
  readonly series: BarSeries;
  /** Of the bars' indices. */
  readonly folds: readonly RowFold[];
  /** One a fold. */
  readonly models: readonly FoldModel[];
  readonly modelUse: ModelUse;
  readonly costs: CostModel;
  /** Of what scenarios leave to chance; from 0 to 4,294,967,295. */
  readonly seed: number;
}
