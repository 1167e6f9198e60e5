import { choleskyPacked, invertLowerPacked, packedSize } from '../cholesky.ts';
import { covarianceSize, layoutOfCovariance, type GaussianHmm } from '../gaussian-hmm.ts';
import { HmmError } from '../hmm-error.ts';
import type { Family, Hmm } from '../hmm.ts';
import type { SufficientStatistics } from '../statistics.ts';

/**
 * What is believed of a model before any row is seen, in imagined rows; zero is no belief. They make EM find the mode of
 * the posterior instead of the greatest likelihood. Being counted in rows and told relative to the pooled variance, they
 * mean the same in any units.
 */
export interface Priors {
  /**
   * Rows of every state that have the variance of all rows together: an inverse-Wishart distribution of covariances.
   * Gaussians only.
   */
  readonly varianceRows: number;
  /** Steps from every state to every state that it can reach: a Dirichlet distribution of transitions. */
  readonly transitionRows: number;
  /** More of the steps from a state to itself: states that last ("sticky", Fox and others 2011). */
  readonly stayRows: number;
}

export const NO_PRIORS: Priors = { varianceRows: 0, transitionRows: 0, stayRows: 0 };

/** @throws HmmError `bad_option`. */
export function checkPriors(priors: Priors, family: Family): void {
  for (const [name, rows] of Object.entries(priors))
    if (!(rows >= 0 && rows < Infinity))
      throw new HmmError('bad_option', `priors.${name} must be from 0 and finite, not ${rows}`);
  if (priors.varianceRows > 0 && family !== 'gaussian')
    throw new HmmError('bad_option', `priors.varianceRows is for gaussian emissions, not for ${family}`);
}

/** The statistics with the imagined rows among them; the M step of these is that of the posterior's mode. */
export function withPriors(
  model: Hmm,
  statistics: SufficientStatistics,
  priors: Priors,
): SufficientStatistics {
  const seen = { ...statistics, transition: imaginedSteps(model, priors) };
  seen.transition.forEach((steps, at) => (seen.transition[at] = steps + statistics.transition[at]!));
  if (model.family !== 'gaussian' || priors.varianceRows === 0) return seen;
  return { ...seen, ...withSpread(model, statistics, priors.varianceRows) };
}

/** Logarithm of the priors' density at the model, up to a constant. */
export function logPrior(model: Hmm, priors: Priors): number {
  let total = 0;
  imaginedSteps(model, priors).forEach((steps, at) => {
    if (steps > 0) total += steps * Math.log(model.transition[at]!);
  });
  if (model.family !== 'gaussian' || priors.varianceRows === 0) return total;
  for (let state = 0; state < model.states; state++)
    total -= 0.5 * priors.varianceRows * spreadCost(model, state);
  return total;
}

/** Steps that cannot be stay so. */
function imaginedSteps({ states, transition }: Hmm, { transitionRows, stayRows }: Priors): Float64Array {
  return transition.map((probability, at) =>
    probability > 0 ? transitionRows + (at % (states + 1) === 0 ? stayRows : 0) : 0,
  );
}

/** Rows about the state's own mean, which they do not move, with the pooled variance: one, in standardised units. */
function withSpread(
  { states, dimensions, covariance, means }: GaussianHmm,
  statistics: SufficientStatistics,
  rows: number,
): Pick<SufficientStatistics, 'occupancy' | 'sums' | 'products'> {
  const occupancy = statistics.occupancy.map((weight) => weight + rows);
  const sums = statistics.sums.slice();
  const products = statistics.products.slice();
  const size = covarianceSize(covariance, dimensions);
  const diagonal = layoutOfCovariance(covariance) === 'diagonal';
  for (let state = 0; state < states; state++) {
    const weight = statistics.occupancy[state]!;
    const own = state * dimensions;
    const mean = Float64Array.from({ length: dimensions }, (_, d) =>
      weight > 0 ? statistics.sums[own + d]! / weight : means[own + d]!,
    );
    for (let a = 0, at = state * size; a < dimensions; a++) {
      sums[own + a] = sums[own + a]! + rows * mean[a]!;
      for (let b = diagonal ? a : 0; b <= a; b++, at++)
        products[at] = products[at]! + rows * (mean[a]! * mean[b]! + (a === b ? 1 : 0));
    }
  }
  return { occupancy, sums, products };
}

/** log |Σ| + trace(Σ⁻¹). */
function spreadCost({ covariance, covariances, dimensions }: GaussianHmm, state: number): number {
  const size = covarianceSize(covariance, dimensions);
  const own = covariances.subarray(state * size, (state + 1) * size);
  if (layoutOfCovariance(covariance) === 'diagonal')
    return own.reduce((total, variance) => total + Math.log(variance) + 1 / variance, 0);
  const factor = choleskyPacked(own, dimensions, 0);
  if (!factor) throw new HmmError('bad_model', `covariance of state ${state} must be positive definite`);
  const whitening = invertLowerPacked(factor, dimensions);
  let total = whitening.reduce((sum, value) => sum + value * value, 0);
  for (let d = 0; d < dimensions; d++) total += 2 * Math.log(factor[packedSize(d + 1) - 1]!);
  return total;
}
