export { boost, type Boosting, type BoostTerms } from './boost.ts';
export { importance, predictTrees, scoreTrees, type BoostedTrees } from './boosted-trees.ts';
export { boostUntilBest, type StoppedEarly, type TimeSplit } from './early-stopping.ts';
export type { LabelledRows } from './labelled-rows.ts';
export { fromLightGbmText, toLightGbmText } from './lightgbm-text.ts';
export type { BoostingOptions } from './options.ts';
export type { Tree } from './tree.ts';
