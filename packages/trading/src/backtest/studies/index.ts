export { planFolds, type Fold } from './folds.ts';
export { firstDifference, type LineDifference } from './first-difference.ts';
export { mergeResults } from './merge-results.ts';
export { combinationsOf, COMBINATIONS_MAX, parameterGrid } from './parameter-grid.ts';
export { noiseAfter } from './noise.ts';
export { plateauOf, type Plateau } from './plateau.ts';
