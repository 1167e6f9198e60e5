import { checkCount, checkNumbers, checkPositive } from '../check-numbers.ts';
import { checkDistribution } from '../markov-chain.ts';
import type { Random } from '../random.ts';
import type { SufficientStatistics } from '../statistics.ts';
import { drawIndex, normal } from './draw.ts';
import { OCCUPANCY_MIN, type EmissionFamily, type Moments } from './emission-family.ts';
import { flooredShares } from './floored-shares.ts';
import { prepareMixture } from './mixture-emissions.ts';
import type { MixtureHmm, MixtureSize } from './mixture-hmm.ts';
import { moveMeans, moveVariances } from './units.ts';

/** Least share of a component, so that it can come back. */
const SHARE_FLOOR = 1e-6;

export const mixtureFamily: EmissionFamily<MixtureHmm, MixtureSize> = {
  scaled: true,
  sizeOf: ({ family, states, dimensions, components }) => ({ family, states, dimensions, components }),
  freeParameters: ({ states, dimensions, components }) =>
    states * (components - 1 + 2 * components * dimensions),
  statisticWidths: ({ dimensions, components }) => ({
    weights: components,
    sums: components * dimensions,
    products: components * dimensions,
  }),
  check,
  checkValues: () => undefined,
  pooled,
  prepare: prepareMixture,
  maximise,
  rescale: (model, scaling) => ({
    ...model,
    scaling,
    means: moveMeans(model.means, model.scaling, scaling),
    variances: moveVariances(model.variances, model.scaling, scaling),
  }),
  mapStates: (model, change) => ({
    ...model,
    shares: change(model.shares),
    means: change(model.means),
    variances: change(model.variances),
  }),
  moments,
  sample(model, state, random, row) {
    const { components, dimensions } = model;
    const first = state * components;
    const component = first + drawIndex(model.shares, first, first + components, random);
    for (let d = 0; d < dimensions; d++) {
      const at = component * dimensions + d;
      row[d] = model.means[at]! + normal(random) * Math.sqrt(model.variances[at]!);
    }
  },
};

function check({ states, dimensions, components, shares, means, variances }: MixtureHmm): void {
  checkCount(components, 'components');
  checkNumbers(shares, states * components, 'shares');
  checkNumbers(means, states * components * dimensions, 'means');
  checkPositive(variances, states * components * dimensions, 'variances');
  for (let state = 0; state < states; state++)
    checkDistribution(
      shares.subarray(state * components, (state + 1) * components),
      `shares of state ${state}`,
    );
}

/** Components that were alike would stay alike for ever, so they start where single rows might lie. */
function pooled(
  size: MixtureSize,
  chain: Pick<MixtureHmm, 'start' | 'transition' | 'scaling'>,
  random: Random,
) {
  const { states, components, dimensions } = size;
  const length = states * components * dimensions;
  return {
    ...size,
    ...chain,
    shares: new Float64Array(states * components).fill(1 / components),
    means: Float64Array.from({ length }, () => normal(random)),
    variances: new Float64Array(length).fill(1),
  };
}

/** The M step of every component as of a state of its own. */
function maximise(model: MixtureHmm, statistics: SufficientStatistics, varianceFloor: number): MixtureHmm {
  const { states, components, dimensions } = model;
  const { weights, sums, products, occupancy } = statistics;
  const shares = model.shares.slice();
  const means = model.means.slice();
  const variances = model.variances.slice();
  for (let component = 0; component < states * components; component++) {
    const weight = weights[component]!;
    if (!(weight >= OCCUPANCY_MIN)) continue;
    for (let at = component * dimensions; at < (component + 1) * dimensions; at++) {
      means[at] = sums[at]! / weight;
      variances[at] = Math.max(products[at]! / weight - means[at]! ** 2, varianceFloor);
    }
  }
  for (let state = 0; state < states; state++) {
    const [first, end] = [state * components, (state + 1) * components];
    const own = shares.subarray(first, end);
    if (occupancy[state]! >= OCCUPANCY_MIN)
      own.set(flooredShares(weights.subarray(first, end), SHARE_FLOOR, own));
  }
  return { ...model, shares, means, variances };
}

function moments({ states, dimensions, components, shares, means, variances }: MixtureHmm): Moments {
  const centres = new Float64Array(states * dimensions);
  const spreads = new Float64Array(states * dimensions);
  const forEachNumber = (visit: (own: number, share: number, at: number) => void) => {
    for (let component = 0; component < states * components; component++)
      for (let d = 0; d < dimensions; d++)
        visit(
          Math.floor(component / components) * dimensions + d,
          shares[component]!,
          component * dimensions + d,
        );
  };
  forEachNumber((own, share, at) => {
    centres[own] = centres[own]! + share * means[at]!;
  });
  forEachNumber((own, share, at) => {
    spreads[own] = spreads[own]! + share * (variances[at]! + (means[at]! - centres[own]!) ** 2);
  });
  return { means: centres, variances: spreads };
}
