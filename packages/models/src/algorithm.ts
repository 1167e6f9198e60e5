import type { Dataset, FeatureRef } from './dataset.ts';
import type { Hyperparameters, ModelCard, ModelKind } from './model-card.ts';

/** Plain JSON from which a model predicts again, number for number. */
export type Artefact = Readonly<Record<string, unknown>>;

export interface TrainingTerms {
  readonly seed: number;
  /** Overrides of the algorithm's defaults, by name. */
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
  /** Called now and then with the share that is done, from 0 to 1. */
  readonly progress?: (share: number) => void;
}

export interface TrainedModel {
  readonly card: ModelCard;
  readonly artefact: Artefact;
}

/** One column a value that the model tells, each as long as the dataset; row t uses rows up to t only. NaN: not known yet. */
export type Predictions = Readonly<Record<string, Float64Array>>;

/** What a model makes of one more row. */
export interface Step {
  /** In the order of `Follower.tells`; NaN where the rows so far do not say. */
  readonly values: Float64Array;
  /** Predictive log-likelihood of the row in nats, given all rows before it; NaN where the row says nothing. */
  readonly logLikelihood: number;
}

/** A model that reads row after row and holds what it needs of those before, always the same size: constant work a row. */
export interface Follower {
  /** What a row must hold, in this order. */
  readonly reads: readonly FeatureRef[];
  /** Names of the values that it tells. */
  readonly tells: readonly string[];
  /** @param target the row's own, for its log-likelihood; NaN where it is not known, and for models without a target. */
  step(row: ArrayLike<number>, target: number): Step;
}

/** What every algorithm offers, whatever is inside. Pure: the same dataset and terms give the same bytes. */
export interface Algorithm {
  readonly name: string;
  readonly kind: ModelKind;
  /** Whether it learns a target. */
  readonly needsTarget: boolean;
  /**
   * All hyperparameters: the given ones, and the defaults of the others.
   * @throws ModelError `bad_option` with the field, for a name or a value that is not allowed.
   */
  hyperparameters(given: Readonly<Record<string, unknown>>): Hyperparameters;
  /** @throws ModelError for rows that cannot be fitted and hyperparameters that are not allowed, naming them. */
  train(dataset: Dataset, terms: TrainingTerms): TrainedModel;
  /** The model before its first row. @throws ModelError `bad_model` for an artefact that is not this algorithm's. */
  follow(artefact: Artefact): Follower;
  /** `follow` over the rows of a dataset, which may hold more features than the model reads. @throws ModelError as `follow`, and `bad_shape` for a dataset without a feature of the model, in its version. */
  predict(artefact: Artefact, dataset: Dataset): Predictions;
  /**
   * Predictive log-likelihood of each row in nats, given all rows before it: the one measure by which models of a kind are
   * compared. NaN where a row says nothing (its target is unknown yet).
   */
  logLikelihoods(artefact: Artefact, dataset: Dataset): Float64Array;
}
