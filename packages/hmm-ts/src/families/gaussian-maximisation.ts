import { choleskyPacked, packedSize } from '../cholesky.ts';
import { covarianceSize, layoutOfCovariance, type GaussianHmm } from '../gaussian-hmm.ts';
import type { SufficientStatistics } from '../statistics.ts';
import { symmetricEigen } from '../symmetric-eigen.ts';
import { OCCUPANCY_MIN } from './emission-family.ts';
import { relativeScales } from './units.ts';

/** Least share of the largest eigenvalue that a float64 matrix can tell from nothing. */
const ROUNDING = 1e-13;

/**
 * The M step of Gaussians (Bishop 2006, section 13.2.1), with every variance at least `varianceFloor`, a fraction of
 * the pooled variance (which is one in standardised units).
 */
export function maximiseGaussian(
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
    for (let d = state * dimensions; d < (state + 1) * dimensions; d++)
      means[d] = statistics.sums[d]! / weight;
    if (covariance === 'tied') continue;
    const own = scatter(statistics, means, size, state).map((sum) => sum / weight);
    covariances.set(atLeast(model, own, varianceFloor), state * size);
  }
  if (covariance === 'tied') covariances.set(tiedCovariances(model, statistics, means, varianceFloor));
  return { ...model, means, covariances };
}

/** A state's sum of weight × (value − mean) × (value − mean), around any mean. */
function scatter(
  { occupancy, sums, products }: SufficientStatistics,
  means: Float64Array,
  size: number,
  state: number,
): Float64Array {
  const dimensions = means.length / occupancy.length;
  const own = state * dimensions;
  const result = products.slice(state * size, (state + 1) * size);
  for (let a = 0, at = 0; a < dimensions; a++)
    for (let b = size === dimensions ? a : 0; b <= a; b++, at++) {
      const [meanA, meanB] = [means[own + a]!, means[own + b]!];
      const [sumA, sumB] = [sums[own + a]!, sums[own + b]!];
      result[at] = result[at]! - meanA * sumB - meanB * sumA + occupancy[state]! * meanA * meanB;
    }
  return result;
}

function tiedCovariances(
  model: GaussianHmm,
  statistics: SufficientStatistics,
  means: Float64Array,
  varianceFloor: number,
): Float64Array {
  const { states, dimensions } = model;
  const size = packedSize(dimensions);
  const weight = statistics.occupancy.reduce((sum, own) => sum + own, 0);
  if (!(weight >= OCCUPANCY_MIN)) return model.covariances;
  const pooled = new Float64Array(size);
  for (let state = 0; state < states; state++)
    for (const [at, sum] of scatter(statistics, means, size, state).entries())
      pooled[at] = pooled[at]! + sum / weight;
  const own = flooredFull(pooled, dimensions, varianceFloor);
  return Float64Array.from({ length: states * size }, (_, index) => own[index % size]!);
}

function atLeast(model: GaussianHmm, own: Float64Array, varianceFloor: number): Float64Array {
  if (model.covariance === 'spherical')
    return flooredSphere(own, relativeScales(model.scaling), varianceFloor);
  if (layoutOfCovariance(model.covariance) === 'full')
    return flooredFull(own, model.dimensions, varianceFloor);
  return own.map((variance) => Math.max(variance, varianceFloor));
}

/** One variance in the units of the data, told in those of each feature; its floor is a share of the features' mean one. */
function flooredSphere(own: Float64Array, scales: Float64Array, varianceFloor: number): Float64Array {
  let variance = 0;
  let pooled = 0;
  for (let d = 0; d < own.length; d++) {
    variance += (own[d]! * scales[d]! ** 2) / own.length;
    pooled += scales[d]! ** 2 / own.length;
  }
  const radius = Math.max(variance, varianceFloor * pooled);
  return scales.map((scale) => radius / scale ** 2);
}

/**
 * The most likely covariance of which no direction has a variance below the floor: the eigenvalues that are lower are
 * raised to it (Won, Lim, Kim and Rajaratnam 2013, section 2).
 */
function flooredFull(packed: Float64Array, dimensions: number, varianceFloor: number): Float64Array {
  const above = packed.slice();
  for (let d = 0; d < dimensions; d++)
    above[packedSize(d + 1) - 1] = above[packedSize(d + 1) - 1]! - varianceFloor;
  if (choleskyPacked(above, dimensions, 0)) return packed;
  const { values, vectors } = symmetricEigen(packed, dimensions);
  // A little more, so that rounding leaves the matrix positive definite where values are far apart.
  const floor = Math.max(varianceFloor, Math.max(...values) * ROUNDING);
  const floored = new Float64Array(packed.length);
  for (let a = 0, at = 0; a < dimensions; a++)
    for (let b = 0; b <= a; b++, at++)
      for (let c = 0; c < dimensions; c++)
        floored[at] =
          floored[at]! +
          Math.max(values[c]!, floor) * vectors[a * dimensions + c]! * vectors[b * dimensions + c]!;
  return floored;
}
