export type { LinearModel, LinearOptions, LinearRows } from './design.ts';
export { fitLeastSquares, predictLinear, type LeastSquaresFit } from './least-squares.ts';
export { fitLogistic, predictLogistic, type LogisticFit } from './logistic.ts';
