import { ModelError } from '../model-error.ts';
import type { Matrix } from '../numerics/cholesky.ts';
import type { Design, LinearModel } from './design.ts';

/** From coefficients of a design, and their covariance, to those of the features as they were given. */
export function inUnits(
  { features, means, deviations }: Design,
  featureNames: readonly string[],
  { point, covariance, lambda }: { point: Float64Array; covariance: Matrix; lambda: number },
): LinearModel {
  const columnOf = featureNames.map((_, feature) => features.indexOf(feature));
  const coefficients = columnOf.map((at, feature) => (at < 0 ? 0 : point[at]! / deviations[feature]!));
  // The intercept at zero features is that at their means, less what each mean is worth: a linear combination of the point.
  const shift = features.map((feature) => (feature < 0 ? 1 : -means[feature]! / deviations[feature]!));
  const shiftVariance = shift.reduce(
    (sum, a, i) => sum + shift.reduce((inner, b, j) => inner + a * b * covariance[i]![j]!, 0),
    0,
  );
  return {
    featureNames,
    intercept: shift.reduce((sum, part, i) => sum + part * point[i]!, 0),
    coefficients,
    interceptError: Math.sqrt(Math.max(0, shiftVariance)),
    standardErrors: columnOf.map((at, feature) =>
      at < 0 ? 0 : Math.sqrt(covariance[at]![at]!) / deviations[feature]!,
    ),
    constant: featureNames.filter((_, feature) => columnOf[feature]! < 0),
    lambda,
  };
}

/** Intercept and weighted features of one row, in the order of the coefficients. */
export function scoreRow(
  { intercept, coefficients }: Pick<LinearModel, 'intercept' | 'coefficients'>,
  row: ArrayLike<number>,
): number {
  return coefficients.reduce((sum, coefficient, feature) => sum + coefficient * row[feature]!, intercept);
}

/** Intercept and weighted features of each row. @throws ModelError `not_finite` where they leave the range of numbers. */
export function scoresOf(
  { intercept, coefficients }: LinearModel,
  columns: readonly Float64Array[],
): Float64Array {
  const scores = new Float64Array(columns[0]!.length).fill(intercept);
  for (const [feature, column] of columns.entries()) {
    const coefficient = coefficients[feature]!;
    for (let row = 0; row < scores.length; row++) scores[row] = scores[row]! + coefficient * column[row]!;
  }
  const bad = scores.findIndex((score) => !Number.isFinite(score));
  if (bad >= 0) throw new ModelError('not_finite', `the features of row ${bad} are too large for the model`);
  return scores;
}
