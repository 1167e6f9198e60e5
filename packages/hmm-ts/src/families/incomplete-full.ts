import { packedSize } from '../cholesky.ts';
import type { Block } from '../forward.ts';
import type { GaussianHmm } from '../gaussian-hmm.ts';
import type { SufficientStatistics } from '../statistics.ts';
import { conditionGaussian, type ConditionalGaussian } from './conditional-gaussian.ts';
import type { Emissions } from './emission-family.ts';

/** Patterns of missing features whose matrices are kept; rows of other patterns are worked out each time. */
const PATTERNS_MAX = 256;

/**
 * Gaussians with a whole covariance, for rows in which values are missing: a density is that of the known features
 * (their part of the matrix), and the statistics take the expected values and products of the others given the known
 * ones (Little and Rubin 2002, section 11.2).
 */
export function incompleteFull(model: GaussianHmm): Emissions {
  const { means, states, dimensions } = model;
  const size = packedSize(dimensions);
  const conditionsOf = createConditions(model);
  const row = new Float64Array(dimensions);

  const logDensities = (values: Float64Array, target: Float64Array, { from, to }: Block) => {
    for (let step = from; step < to; step++) {
      const conditions = conditionsOf(values, step);
      for (let state = 0; state < states; state++) {
        const { known, constant, whitening } = conditions[state]!;
        let distance = 0;
        for (let a = 0, at = 0; a < known.length; a++) {
          let whitened = 0;
          for (let b = 0; b <= a; b++, at++) {
            const d = known[b]!;
            whitened += whitening[at]! * (values[step * dimensions + d]! - means[state * dimensions + d]!);
          }
          distance += whitened * whitened;
        }
        target[step * states + state] = constant - 0.5 * distance;
      }
    }
  };

  const accumulate = (
    { occupancy, sums, products }: SufficientStatistics,
    values: Float64Array,
    smoothed: Float64Array,
    { from, to }: Block,
  ) => {
    for (let step = from; step < to; step++) {
      const conditions = conditionsOf(values, step);
      for (let state = 0; state < states; state++) {
        const weight = smoothed[step * states + state]!;
        const own = conditions[state]!;
        row.set(values.subarray(step * dimensions, (step + 1) * dimensions));
        complete(row, own, means.subarray(state * dimensions, (state + 1) * dimensions));
        occupancy[state] = occupancy[state]! + weight;
        let at = state * size;
        for (let a = 0; a < dimensions; a++) {
          const weighted = weight * row[a]!;
          sums[state * dimensions + a] = sums[state * dimensions + a]! + weighted;
          for (let b = 0; b <= a; b++, at++) products[at] = products[at]! + weighted * row[b]!;
        }
        addResidual(products.subarray(state * size, (state + 1) * size), own, weight);
      }
    }
  };
  return { logDensities, accumulate };
}

/** Puts the expected values where values are missing. */
function complete(
  row: Float64Array,
  { known, unknown, regression }: ConditionalGaussian,
  mean: Float64Array,
) {
  unknown.forEach((a, index) => {
    let value = mean[a]!;
    known.forEach((b, column) => {
      value += regression[index * known.length + column]! * (row[b]! - mean[b]!);
    });
    row[a] = value;
  });
}

function addResidual(products: Float64Array, { unknown, residual }: ConditionalGaussian, weight: number) {
  unknown.forEach((a, row) => {
    for (let column = 0; column <= row; column++) {
      const at = packedSize(a) + unknown[column]!;
      products[at] = products[at]! + weight * residual[row * unknown.length + column]!;
    }
  });
}

/** The states' Gaussians given what a row knows; rows that know the same features share them. */
function createConditions({ covariances, states, dimensions }: GaussianHmm) {
  const size = packedSize(dimensions);
  const kept = new Map<string, ConditionalGaussian[]>();
  return (values: Float64Array, step: number): readonly ConditionalGaussian[] => {
    let pattern = '';
    for (let at = step * dimensions; at < (step + 1) * dimensions; at++)
      pattern += Number.isNaN(values[at]) ? '0' : '1';
    const found = kept.get(pattern);
    if (found) return found;
    const features = Array.from(pattern, (_, d) => d);
    const known = features.filter((d) => pattern[d] === '1');
    const unknown = features.filter((d) => pattern[d] === '0');
    const made = Array.from({ length: states }, (_, state) =>
      conditionGaussian(covariances.subarray(state * size, (state + 1) * size), known, unknown),
    );
    if (kept.size < PATTERNS_MAX) kept.set(pattern, made);
    return made;
  };
}
