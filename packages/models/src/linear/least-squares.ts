import { ModelError } from '../model-error.ts';
import { factor, inverse, solve } from '../numerics/cholesky.ts';
import { checkColumns, designOf, type LinearModel, type LinearOptions, type LinearRows } from './design.ts';
import { inUnits, scoresOf } from './in-units.ts';

export interface LeastSquaresFit {
  readonly model: LinearModel;
  /** Share of the labels' variance that the model explains in training. */
  readonly rSquared: number;
  /** Root of the squared residuals by rows less coefficients. */
  readonly residualDeviation: number;
}

/**
 * Ridge least squares (Hoerl & Kennard 1970) on standardised features; with lambda 0 ordinary least squares.
 * @throws ModelError `bad_option`, `bad_shape`, `not_finite`, `too_few_rows`, or `degenerate` where the labels never differ, or
 *   with lambda 0 features say the same.
 */
export function fitLeastSquares(
  rows: LinearRows,
  featureNames: readonly string[],
  { lambda }: LinearOptions = { lambda: 1 },
): LeastSquaresFit {
  const design = designOf(rows, featureNames, { lambda });
  const { columns } = design;
  const total = squaresOf(rows.labels);
  const gram = columns.map((a, i) =>
    Float64Array.from(columns, (b, j) => dot(a, b) + (i === j && i > 0 ? lambda : 0)),
  );
  const lower = factor(gram);
  if (!lower) throw new ModelError('degenerate', 'features say the same: lambda must be above 0');
  const point = solve(
    lower,
    Float64Array.from(columns, (column) => dot(column, rows.labels)),
  );
  let residuals = 0;
  for (let row = 0; row < rows.labels.length; row++)
    residuals +=
      (rows.labels[row]! - columns.reduce((sum, column, i) => sum + column[row]! * point[i]!, 0)) ** 2;
  const variance = residuals / (rows.labels.length - columns.length);
  const covariance = inverse(lower).map((row) => row.map((entry) => entry * variance));
  return {
    model: inUnits(design, featureNames, { point, covariance, lambda }),
    rSquared: 1 - residuals / total,
    residualDeviation: Math.sqrt(variance),
  };
}

/** The value of each row. @throws ModelError `bad_shape` or `not_finite`. */
export function predictLinear(model: LinearModel, columns: readonly Float64Array[]): Float64Array {
  checkColumns(columns, model.featureNames);
  return scoresOf(model, columns);
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, row) => sum + x * b[row]!, 0);

/** Squared distances of the labels from their mean. */
function squaresOf(labels: Float64Array): number {
  const bad = labels.findIndex((label) => !Number.isFinite(label));
  if (bad >= 0) throw new ModelError('not_finite', `label ${bad} must be finite, not ${labels[bad]}`);
  const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const total = labels.reduce((sum, label) => sum + (label - mean) ** 2, 0);
  // Rounding puts labels that are all the same off their mean.
  const isFlat = labels.every((label) => label === labels[0]);
  if (isFlat || total === 0)
    throw new ModelError('degenerate', 'the labels never differ: there is nothing to explain');
  if (!Number.isFinite(total)) throw new ModelError('not_finite', 'the squares of the labels must be finite');
  return total;
}
