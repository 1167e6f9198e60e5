import { LOG_TWO_PI } from '../emissions.ts';
import type { Block } from '../forward.ts';
import type { GaussianHmm } from '../gaussian-hmm.ts';
import type { SufficientStatistics } from '../statistics.ts';
import type { Emissions } from './emission-family.ts';

/**
 * Gaussians with one variance a feature, for rows in which values are missing: a density is that of the features that
 * are there, and the statistics take the expected value and square of those that are not (Little and Rubin 2002).
 */
export function incompleteDiagonal({ means, covariances, states, dimensions }: GaussianHmm): Emissions {
  const constants = covariances.map((variance) => -0.5 * (LOG_TWO_PI + Math.log(variance)));
  const logDensities = (values: Float64Array, target: Float64Array, { from, to }: Block) => {
    for (let step = from; step < to; step++)
      for (let state = 0, at = 0; state < states; state++) {
        let density = 0;
        for (let d = 0; d < dimensions; d++, at++) {
          const value = values[step * dimensions + d]!;
          if (Number.isNaN(value)) continue;
          const difference = value - means[at]!;
          density += constants[at]! - (0.5 * difference * difference) / covariances[at]!;
        }
        target[step * states + state] = density;
      }
  };
  const accumulate = (
    { occupancy, sums, products }: SufficientStatistics,
    values: Float64Array,
    smoothed: Float64Array,
    { from, to }: Block,
  ) => {
    for (let step = from; step < to; step++)
      for (let state = 0, at = 0; state < states; state++) {
        const weight = smoothed[step * states + state]!;
        occupancy[state] = occupancy[state]! + weight;
        for (let d = 0; d < dimensions; d++, at++) {
          const value = values[step * dimensions + d]!;
          const missing = Number.isNaN(value);
          const expected = missing ? means[at]! : value;
          sums[at] = sums[at]! + weight * expected;
          const square = expected * expected + (missing ? covariances[at]! : 0);
          products[at] = products[at]! + weight * square;
        }
      }
  };
  return { logDensities, accumulate };
}
