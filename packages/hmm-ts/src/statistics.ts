import type { Block } from './forward.ts';
import { HmmError } from './hmm-error.ts';
import type { ModelSize } from './hmm.ts';

/** What tells models of different sizes apart, in one order. */
const SIZE_FIELDS = ['family', 'covariance', 'states', 'dimensions', 'symbols', 'components'];

/**
 * Expected sufficient statistics, in the model's standardised units: all that EM needs to know of the rows it has seen.
 * They add up over sequences and over time, so that no row has to be read again. Every array holds a state after
 * another; how much of it belongs to a state, and what it means, is up to the family.
 */
export interface SufficientStatistics {
  /** The model they are for. */
  readonly size: ModelSize;
  /** Rows behind them; less than were read where old ones have been discounted. */
  rows: number;
  /** Expected number of sequences that start in each state. */
  readonly start: Float64Array;
  /** Expected transitions, row-major states × states. */
  readonly transition: Float64Array;
  /** Expected rows of each state. */
  readonly occupancy: Float64Array;
  /** Gaussian: none. Student-t: sums of weight × precision and of weight × log precision. Mixture: rows of each component. */
  readonly weights: Float64Array;
  /** Sums of weight × value (Student-t: × precision; mixture: of each component). Categorical: rows of each symbol. */
  readonly sums: Float64Array;
  /** Sums of weight × value × value in the same way, laid out as a model's covariances. Categorical: none. */
  readonly products: Float64Array;
}

/** `retention` × a + b, for two statistics of one shape. `retention` is from 0 to 1. */
export function mergeStatistics(
  a: SufficientStatistics,
  b: SufficientStatistics,
  retention: number,
): SufficientStatistics {
  if (JSON.stringify(a.size, SIZE_FIELDS) !== JSON.stringify(b.size, SIZE_FIELDS))
    throw new HmmError('bad_shape', 'statistics of different models cannot be merged');
  if (!(retention >= 0 && retention <= 1))
    throw new HmmError('bad_option', `retention must be from 0 to 1, not ${retention}`);
  const merge = (x: Float64Array, y: Float64Array) => x.map((value, index) => retention * value + y[index]!);
  return {
    ...a,
    rows: retention * a.rows + b.rows,
    start: merge(a.start, b.start),
    transition: merge(a.transition, b.transition),
    occupancy: merge(a.occupancy, b.occupancy),
    weights: merge(a.weights, b.weights),
    sums: merge(a.sums, b.sums),
    products: merge(a.products, b.products),
  };
}

/** Adds the block's whole rows to the statistics of Gaussians, weighted by their smoothed probabilities (row-major steps × states). */
export function accumulateBlock(
  statistics: SufficientStatistics,
  values: Float64Array,
  smoothed: Float64Array,
  block: Block,
): void {
  if (statistics.products.length === statistics.sums.length)
    accumulateDiagonal(statistics, values, smoothed, block);
  else accumulateFull(statistics, values, smoothed, block);
}

function accumulateDiagonal(
  statistics: SufficientStatistics,
  values: Float64Array,
  smoothed: Float64Array,
  block: Block,
): void {
  const { occupancy, sums, products } = statistics;
  const { states, dimensions } = statistics.size;
  for (let step = block.from; step < block.to; step++) {
    const row = step * dimensions;
    for (let state = 0; state < states; state++) {
      const weight = smoothed[step * states + state]!;
      occupancy[state] = occupancy[state]! + weight;
      const own = state * dimensions;
      for (let d = 0; d < dimensions; d++) {
        const value = values[row + d]!;
        const weighted = weight * value;
        sums[own + d] = sums[own + d]! + weighted;
        products[own + d] = products[own + d]! + weighted * value;
      }
    }
  }
}

function accumulateFull(
  statistics: SufficientStatistics,
  values: Float64Array,
  smoothed: Float64Array,
  block: Block,
): void {
  const { occupancy, sums, products } = statistics;
  const { states, dimensions } = statistics.size;
  for (let step = block.from; step < block.to; step++) {
    const row = step * dimensions;
    let at = 0;
    for (let state = 0; state < states; state++) {
      const weight = smoothed[step * states + state]!;
      occupancy[state] = occupancy[state]! + weight;
      const own = state * dimensions;
      for (let a = 0; a < dimensions; a++) {
        const weighted = weight * values[row + a]!;
        sums[own + a] = sums[own + a]! + weighted;
        for (let b = 0; b <= a; b++, at++) products[at] = products[at]! + weighted * values[row + b]!;
      }
    }
  }
}

/** `totals[index]` += `by`. */
export function increase(totals: Float64Array, index: number, by: number): void {
  totals[index] = totals[index]! + by;
}
