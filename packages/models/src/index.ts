export type { Algorithm, Artefact, Predictions, TrainedModel, TrainingTerms } from './algorithm.ts';
export type { Dataset, FeatureRef, Target } from './dataset.ts';
export type { ModelCard, ModelKind } from './model-card.ts';
export { ModelError } from './model-error.ts';
