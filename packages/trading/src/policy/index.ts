export { paramProblems } from './check-params.ts';
export { choosePreset, type Arm, type Choice, type PolicyMode } from './choose-preset.ts';
export {
  armSha256,
  contextDimensions,
  contextVector,
  featuresWithoutModel,
  refuseFeatures,
} from './context.ts';
export { normalQuantile } from './normal.ts';
export { emptyPosterior, learn, type Posterior } from './posterior.ts';
export { PRESETS_MAX, StrategySchema } from './strategy-schema.ts';
