import type { Block } from '../forward.ts';
import type { SufficientStatistics } from '../statistics.ts';
import type { Emissions } from './emission-family.ts';
import { digamma, logGamma } from './gamma.ts';
import type { StudentTHmm } from './student-t-hmm.ts';

/**
 * Student-t as a Gaussian whose precision is itself drawn, from a gamma distribution (Liu and Rubin 1995): the
 * statistics weigh each row by its expected precision, which is small for an outlier. Where features are missing the
 * known ones decide on it, and the others take their expected value and square.
 */
export function prepareStudentT(model: StudentTHmm): Emissions {
  const { means, dispersions, freedoms, states, dimensions } = model;
  const constants = dispersions.map((dispersion) => -0.5 * Math.log(Math.PI * dispersion));
  const byKnown = tablesByKnown(model);

  const logDensities = (values: Float64Array, target: Float64Array, { from, to }: Block) => {
    for (let step = from; step < to; step++)
      for (let state = 0, at = 0; state < states; state++) {
        const freedom = freedoms[state]!;
        let known = 0;
        let distance = 0;
        let constant = 0;
        for (let d = 0; d < dimensions; d++, at++) {
          const difference = values[step * dimensions + d]! - means[at]!;
          if (Number.isNaN(difference)) continue;
          known++;
          distance += (difference * difference) / dispersions[at]!;
          constant += constants[at]!;
        }
        constant += byKnown.constants[state * (dimensions + 1) + known]!;
        target[step * states + state] = constant - 0.5 * (freedom + known) * Math.log1p(distance / freedom);
      }
  };

  const accumulate = (
    { occupancy, weights, sums, products }: SufficientStatistics,
    values: Float64Array,
    smoothed: Float64Array,
    { from, to }: Block,
  ) => {
    for (let step = from; step < to; step++)
      for (let state = 0; state < states; state++) {
        const weight = smoothed[step * states + state]!;
        const freedom = freedoms[state]!;
        const own = state * dimensions;
        let known = 0;
        let distance = 0;
        for (let d = 0; d < dimensions; d++) {
          const difference = values[step * dimensions + d]! - means[own + d]!;
          if (Number.isNaN(difference)) continue;
          known++;
          distance += (difference * difference) / dispersions[own + d]!;
        }
        const precision = (freedom + known) / (freedom + distance);
        const logPrecision =
          byKnown.digammas[state * (dimensions + 1) + known]! - Math.log((freedom + distance) / 2);
        occupancy[state] = occupancy[state]! + weight;
        weights[2 * state] = weights[2 * state]! + weight * precision;
        weights[2 * state + 1] = weights[2 * state + 1]! + weight * logPrecision;
        for (let at = own; at < own + dimensions; at++) {
          const value = values[step * dimensions + at - own]!;
          const missing = Number.isNaN(value);
          const expected = missing ? means[at]! : value;
          const weighted = weight * precision * expected;
          sums[at] = sums[at]! + weighted;
          products[at] = products[at]! + weighted * expected + (missing ? weight * dispersions[at]! : 0);
        }
      }
  };
  return { logDensities, accumulate };
}

/** What depends on a state and on how many features are known only, row-major states × (0 to dimensions). */
function tablesByKnown({ freedoms, states, dimensions }: StudentTHmm) {
  const length = states * (dimensions + 1);
  const constants = new Float64Array(length);
  const digammas = new Float64Array(length);
  for (let at = 0; at < length; at++) {
    const freedom = freedoms[Math.floor(at / (dimensions + 1))]!;
    const known = at % (dimensions + 1);
    constants[at] = logGamma((freedom + known) / 2) - logGamma(freedom / 2) - 0.5 * known * Math.log(freedom);
    digammas[at] = digamma((freedom + known) / 2);
  }
  return { constants, digammas };
}
