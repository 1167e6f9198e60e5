import { choleskyPacked, packedSize } from './cholesky.ts';
import { covarianceSize, type GaussianHmm } from './gaussian-hmm.ts';
import type { SufficientStatistics } from './statistics.ts';

/** A state with less expected rows than this keeps its mean and covariance: there is nothing to estimate them from. */
const OCCUPANCY_MIN = 1e-3;
const RIDGE_STEPS_MAX = 12;
const RIDGE_GROWTH = 10;

/**
 * The M step (Bishop 2006, section 13.2.1): the model that makes the expected log-likelihood largest, with every
 * variance at least `varianceFloor`, a fraction of the pooled variance (which is one in standardised units).
 * Transitions that were zero stay zero.
 */
export function maximisation(
  model: GaussianHmm,
  statistics: SufficientStatistics,
  varianceFloor: number,
): GaussianHmm {
  const { states, dimensions, covariance } = model;
  const size = covarianceSize(covariance, dimensions);
  const means = model.means.slice();
  const covariances = model.covariances.slice();
  for (let state = 0; state < states; state++) {
    const weight = statistics.occupancy[state]!;
    if (!(weight >= OCCUPANCY_MIN)) continue;
    const mean = statistics.sums
      .subarray(state * dimensions, (state + 1) * dimensions)
      .map((sum) => sum / weight);
    const products = statistics.products.subarray(state * size, (state + 1) * size);
    means.set(mean, state * dimensions);
    covariances.set(
      covariance === 'diagonal'
        ? mean.map((m, d) => Math.max(products[d]! / weight - m * m, varianceFloor))
        : flooredCovariance(products, weight, mean, varianceFloor),
      state * size,
    );
  }
  return {
    ...model,
    start: normalised(statistics.start, model.start),
    transition: transitionOf(model, statistics),
    means,
    covariances,
  };
}

function transitionOf(model: GaussianHmm, statistics: SufficientStatistics): Float64Array {
  const { states } = model;
  const transition = new Float64Array(states * states);
  for (let row = 0; row < states * states; row += states)
    transition.set(
      normalised(
        statistics.transition.subarray(row, row + states),
        model.transition.subarray(row, row + states),
      ),
      row,
    );
  return transition;
}

/** The counts as probabilities; what was before, where there are none. */
function normalised(counts: Float64Array, before: Float64Array): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total > 0 ? counts.map((count) => count / total) : before.slice();
}

/** The packed covariance, with as little added to its diagonal as brings every pivot of its Cholesky factor to the floor. */
function flooredCovariance(
  products: Float64Array,
  weight: number,
  mean: Float64Array,
  varianceFloor: number,
): Float64Array {
  const dimensions = mean.length;
  const packed = new Float64Array(products.length);
  for (let a = 0, at = 0; a < dimensions; a++)
    for (let b = 0; b <= a; b++, at++) packed[at] = products[at]! / weight - mean[a]! * mean[b]!;
  let ridge = 0;
  for (let attempt = 0; attempt <= RIDGE_STEPS_MAX; attempt++) {
    const candidate = packed.slice();
    for (let d = 0; d < dimensions; d++) {
      const at = packedSize(d + 1) - 1;
      candidate[at] = Math.max(candidate[at]! + ridge, varianceFloor);
    }
    if (choleskyPacked(candidate, dimensions, varianceFloor * (1 - 1e-9))) return candidate;
    ridge = ridge === 0 ? varianceFloor : ridge * RIDGE_GROWTH;
  }
  // Nothing but rounding or overflow ends here: the variances alone are still a covariance.
  const diagonal = new Float64Array(products.length);
  for (let d = 0; d < dimensions; d++) {
    const at = packedSize(d + 1) - 1;
    diagonal[at] = Math.max(packed[at]!, varianceFloor);
  }
  return diagonal;
}
