import type { CostModel } from '@aistock/shared';
import type { BarSeries } from '../../bars/index.ts';

/** What a backtest is run on, as a scenario may change it. */
export interface ScenarioInputs {
  /** By stream id. */
  readonly series: ReadonlyMap<string, BarSeries>;
  readonly costs: CostModel;
  /** Length of one bar of the traded streams in ms. */
  readonly barMs: number;
  /** From when on is traded, Unix ms: nothing before it is changed. */
  readonly fromMs: number;
  /** Seeded; from 0 up to, and without, 1. */
  readonly random: () => number;
}

/** A question about the same period: what if it, or its costs, had been like this. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly apply: (inputs: ScenarioInputs) => ScenarioInputs;
}
