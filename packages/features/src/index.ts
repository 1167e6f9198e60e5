export { datasetOf, warmUpBarsOf, type DatasetTerms } from './dataset-of.ts';
export { refOf, type Feature } from './feature.ts';
export { FeatureError, type FeatureErrorCode } from './feature-error.ts';
export { columnsOf, extendFrame, startFrame, type FrameState } from './frame.ts';
export { FEATURES, featuresNamed, featuresOf, MODEL_FEATURES } from './registry.ts';
export { regimePosteriors, type RegimeArtefact } from './entries/regime-posterior.ts';
export type { TargetTerms } from './target.ts';
