import { LOG_TWO_PI } from '../emissions.ts';
import type { Block } from '../forward.ts';
import type { SufficientStatistics } from '../statistics.ts';
import type { Emissions } from './emission-family.ts';
import type { MixtureHmm } from './mixture-hmm.ts';

/**
 * Mixtures of diagonal Gaussians. A density is that of the features that are there; the statistics share a row's weight
 * among the components by their part in its density, and take the expected value and square of what is missing.
 */
export function prepareMixture(model: MixtureHmm): Emissions {
  const { states, components, dimensions, means, variances } = model;
  const constants = variances.map((variance) => -0.5 * (LOG_TWO_PI + Math.log(variance)));
  const logShares = model.shares.map(Math.log);
  /** Log density of each component, then its part in that of the state. */
  const parts = new Float64Array(components);

  /** Fills `parts` for a row and state, and returns the state's log density. */
  const see = (values: Float64Array, row: number, state: number): number => {
    let top = -Infinity;
    for (let component = 0; component < components; component++) {
      const own = (state * components + component) * dimensions;
      let density = logShares[state * components + component]!;
      for (let d = 0; d < dimensions; d++) {
        const difference = values[row + d]! - means[own + d]!;
        if (Number.isNaN(difference)) continue;
        density += constants[own + d]! - (0.5 * difference * difference) / variances[own + d]!;
      }
      parts[component] = density;
      if (density > top) top = density;
    }
    if (top === -Infinity) return top;
    let mass = 0;
    for (let component = 0; component < components; component++) {
      const part = Math.exp(parts[component]! - top);
      parts[component] = part;
      mass += part;
    }
    for (let component = 0; component < components; component++) parts[component] = parts[component]! / mass;
    return top + Math.log(mass);
  };

  const logDensities = (values: Float64Array, target: Float64Array, { from, to }: Block) => {
    for (let step = from; step < to; step++)
      for (let state = 0; state < states; state++)
        target[step * states + state] = see(values, step * dimensions, state);
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
        occupancy[state] = occupancy[state]! + weight;
        if (weight === 0) continue;
        see(values, step * dimensions, state);
        for (let component = 0; component < components; component++) {
          const index = state * components + component;
          const part = weight * parts[component]!;
          weights[index] = weights[index]! + part;
          for (let d = 0, at = index * dimensions; d < dimensions; d++, at++) {
            const value = values[step * dimensions + d]!;
            const missing = Number.isNaN(value);
            const expected = missing ? means[at]! : value;
            sums[at] = sums[at]! + part * expected;
            products[at] = products[at]! + part * (expected * expected + (missing ? variances[at]! : 0));
          }
        }
      }
  };
  return { logDensities, accumulate };
}
