import { ModelError } from '../model-error.ts';
import { factor, inverse, solve, type Matrix } from '../numerics/cholesky.ts';
import { checkColumns, designOf, type LinearModel, type LinearOptions, type LinearRows } from './design.ts';
import { inUnits, scoresOf } from './in-units.ts';

export interface LogisticFit {
  readonly model: LinearModel;
  /** Of the labels, without the penalty. */
  readonly logLikelihood: number;
  readonly iterations: number;
}

const ITERATIONS_MAX = 100;
const HALVINGS_MAX = 50;
/** What one more Newton step would gain, as a share of the loss: nothing that a coefficient's digits show. */
const GAIN_MIN = 1e-18;
/** A share of the loss that is rounding: a step may seem to lose as much. */
const ROUNDING = 1e-12;
/** A standardised coefficient that is known no better than this runs away to infinity. */
const ERROR_MAX = 1e3;

/**
 * Logistic regression with a ridge (Hoerl & Kennard 1970; le Cessie & van Houwelingen 1992): Newton's method with step halving
 * on standardised features. Labels are 0 or 1; with lambda above 0 every data set with both of them has one answer.
 * @throws ModelError `bad_option`, `bad_shape`, `not_finite`, `too_few_rows`, or `degenerate` where there is no answer: one
 *   label only, or with lambda 0 features that separate the labels or say the same.
 */
export function fitLogistic(
  rows: LinearRows,
  featureNames: readonly string[],
  { lambda }: LinearOptions = { lambda: 1 },
): LogisticFit {
  const design = designOf(rows, featureNames, { lambda });
  checkLabels(rows.labels);
  const problem: Problem = { columns: design.columns, labels: rows.labels, lambda };
  let point = new Float64Array(design.columns.length);
  for (let iteration = 0; iteration < ITERATIONS_MAX; iteration++) {
    const { gradient, hessian, loss } = at(problem, point);
    const lower = factor(hessian);
    if (!lower) break;
    const step = solve(lower, gradient);
    const gain = step.reduce((sum, part, i) => sum + part * gradient[i]!, 0) / 2;
    if (gain <= GAIN_MIN * Math.max(1, loss)) {
      const covariance = inverse(lower);
      if (lambda === 0 && covariance.some((row, i) => !(Math.sqrt(row[i]!) < ERROR_MAX))) break;
      const model = inUnits(design, featureNames, { point, covariance, lambda });
      return { model, logLikelihood: penaltyOf(problem, point) - loss, iterations: iteration };
    }
    const next = halved(problem, { point, step, loss });
    if (!next) break;
    point = next;
  }
  throw new ModelError(
    'degenerate',
    lambda === 0
      ? 'the features separate the labels or say the same: lambda must be above 0'
      : `no maximum found; lambda ${lambda} is too small for these features`,
  );
}

/** Probability of label 1 of each row. @throws ModelError `bad_shape` or `not_finite`. */
export function predictLogistic(model: LinearModel, columns: readonly Float64Array[]): Float64Array {
  checkColumns(columns, model.featureNames);
  return scoresOf(model, columns).map(probability);
}

interface Problem {
  readonly columns: readonly Float64Array[];
  readonly labels: Float64Array;
  readonly lambda: number;
}

const probability = (score: number): number => 1 / (1 + Math.exp(-score));

function at(
  problem: Problem,
  point: Float64Array,
): { gradient: Float64Array; hessian: Matrix; loss: number } {
  const { columns, labels, lambda } = problem;
  const scores = scored(columns, point);
  const errors = scores.map((score, row) => probability(score) - labels[row]!);
  const weights = scores.map((score) => probability(score) * probability(-score));
  const penalty = (i: number) => (i === 0 ? 0 : lambda);
  return {
    gradient: Float64Array.from(
      columns,
      (column, i) => column.reduce((sum, x, row) => sum + x * errors[row]!, 0) + penalty(i) * point[i]!,
    ),
    hessian: columns.map((a, i) =>
      Float64Array.from(columns, (b, j) => {
        let sum = i === j ? penalty(i) : 0;
        for (let row = 0; row < labels.length; row++) sum += a[row]! * b[row]! * weights[row]!;
        return sum;
      }),
    ),
    loss: lossOf(problem, point, scores),
  };
}

/** The first of the full step, its half, its quarter and so on that does not raise the loss. */
function halved(
  problem: Problem,
  { point, step, loss }: { point: Float64Array; step: Float64Array; loss: number },
): Float64Array<ArrayBuffer> | undefined {
  for (let halving = 0, length = 1; halving < HALVINGS_MAX; halving++, length /= 2) {
    const next = Float64Array.from(point, (x, i) => x - length * step[i]!);
    if (lossOf(problem, next, scored(problem.columns, next)) <= loss + ROUNDING * Math.max(1, loss))
      return next;
  }
  return undefined;
}

/** Negative log-likelihood and penalty, exact for scores of any size. */
function lossOf(problem: Problem, point: Float64Array, scores: Float64Array): number {
  const { labels } = problem;
  return scores.reduce(
    (sum, score, row) =>
      sum + Math.log1p(Math.exp(-Math.abs(score))) + Math.max(0, labels[row] === 1 ? -score : score),
    penaltyOf(problem, point),
  );
}

const penaltyOf = ({ lambda }: Problem, point: Float64Array): number =>
  (lambda / 2) * point.subarray(1).reduce((sum, x) => sum + x * x, 0);

function scored(columns: readonly Float64Array[], point: Float64Array): Float64Array {
  const scores = new Float64Array(columns[0]!.length);
  for (const [i, column] of columns.entries())
    for (let row = 0; row < scores.length; row++) scores[row] = scores[row]! + point[i]! * column[row]!;
  return scores;
}

function checkLabels(labels: Float64Array): void {
  const bad = labels.findIndex((label) => label !== 0 && label !== 1);
  if (bad >= 0) throw new ModelError('not_finite', `label ${bad} must be 0 or 1, not ${labels[bad]}`);
  if (labels.every((label) => label === labels[0]))
    throw new ModelError('degenerate', `every label is ${labels[0]}: both must occur`);
}
