import type { FeatureRef } from './dataset.ts';

/** What a model tells: probabilities of states, a smoothed price with its velocity, a variance, a probability of rising, a value. */
export type ModelKind = 'regime' | 'trend' | 'volatility' | 'direction' | 'regression';

/** By name, in snake case. */
export type Hyperparameters = Readonly<Record<string, number | string | boolean | null | readonly number[]>>;

/** What a model is and where it comes from; the same for every algorithm. Plain JSON. */
export interface ModelCard {
  readonly algorithm: string;
  readonly kind: ModelKind;
  readonly stream: string;
  /** Those that the model reads. */
  readonly features: readonly FeatureRef[];
  /** What it learned; null for a model that learns from the features alone. */
  readonly target: { readonly name: string; readonly horizonBars: number } | null;
  /** Open times of the first and the last row that it was fitted on, Unix ms UTC. */
  readonly trainedFromMs: number;
  readonly trainedToMs: number;
  readonly rows: number;
  readonly fileHashes: readonly string[];
  readonly hyperparameters: Hyperparameters;
  readonly seed: number;
  /** Free parameters. */
  readonly parameters: number;
  readonly converged: boolean;
  /** Of the rows that it was fitted on; names end in their unit, such as `log_likelihood_nats`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Such as states without rows. */
  readonly warnings: readonly string[];
}
