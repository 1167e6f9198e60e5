export { boost, type Boosting, type BoostTerms } from './boost.ts';
export { importance, predictTrees, scoreTrees, type BoostedTrees } from './boosted-trees.ts';
export { boostUntilBest, type StoppedEarly, type TimeSplit } from './early-stopping.ts';
export type { LabelledRows } from './labelled-rows.ts';
export { fromLightGbmText } from './lightgbm/from-text.ts';
export { toLightGbmText } from './lightgbm/to-text.ts';
export type { BoostingOptions } from './options.ts';
export type { Tree } from './tree.ts';
