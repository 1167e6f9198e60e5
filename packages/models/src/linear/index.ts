export type { LinearModel, LinearOptions, LinearRows } from './design.ts';
export { scoreRow } from './in-units.ts';
export { fitLeastSquares, predictLinear, type LeastSquaresFit } from './least-squares.ts';
export { fitLogistic, predictLogistic, type LogisticFit } from './logistic.ts';
