export type {
  Algorithm,
  Artefact,
  Follower,
  Predictions,
  Step,
  TrainedModel,
  TrainingTerms,
} from './algorithm.ts';
export { algorithmNamed, ALGORITHMS } from './algorithms/index.ts';
export { firstRows, withFeatures } from './dataset-parts.ts';
export type { Dataset, FeatureRef, Target } from './dataset.ts';
export type { Hyperparameters, ModelCard, ModelKind } from './model-card.ts';
export { ModelError, type ModelErrorCode } from './model-error.ts';
