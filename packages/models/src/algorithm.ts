import type { Dataset } from './dataset.ts';
import type { ModelCard, ModelKind } from './model-card.ts';

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

/** One column a value that the model tells, each as long as the dataset; row t uses rows up to t only. */
export type Predictions = Readonly<Record<string, Float64Array>>;

/** What every algorithm offers, whatever is inside. Pure: the same dataset and terms give the same bytes. */
export interface Algorithm {
  readonly name: string;
  readonly kind: ModelKind;
  /** @throws ModelError for rows that cannot be fitted and hyperparameters that are not allowed, naming them. */
  train(dataset: Dataset, terms: TrainingTerms): TrainedModel;
  /** @throws ModelError for an artefact that is not this algorithm's, or a dataset with other features. */
  predict(artefact: Artefact, dataset: Dataset): Predictions;
  /**
   * Predictive log-likelihood of each row in nats, given all rows before it: the one measure by which models of a kind are
   * compared. NaN where a row says nothing (its target is unknown yet).
   */
  logLikelihoods(artefact: Artefact, dataset: Dataset): Float64Array;
}
