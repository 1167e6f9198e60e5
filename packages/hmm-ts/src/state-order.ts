import { covarianceSize, stateDeviations, type GaussianHmm } from './gaussian-hmm.ts';
import type { SufficientStatistics } from './statistics.ts';

/** The states, calmest first: by their deviation in one feature, ties by their mean. */
export function calmestFirst(model: GaussianHmm, feature: number): readonly number[] {
  const deviations = stateDeviations(model);
  const at = (state: number) => state * model.dimensions + feature;
  return Array.from({ length: model.states }, (_, state) => state).toSorted(
    (a, b) => deviations[at(a)]! - deviations[at(b)]! || model.means[at(a)]! - model.means[at(b)]!,
  );
}

/** The same model with its states in another order: new state i is old state `order[i]`. */
export function reorderModel(model: GaussianHmm, order: readonly number[]): GaussianHmm {
  const size = covarianceSize(model.covariance, model.dimensions);
  return {
    ...model,
    start: reorderRows(model.start, order, 1),
    transition: reorderSquare(model.transition, order),
    means: reorderRows(model.means, order, model.dimensions),
    covariances: reorderRows(model.covariances, order, size),
  };
}

/** Statistics in the same new order as the model. */
export function reorderStatistics(
  statistics: SufficientStatistics,
  order: readonly number[],
): SufficientStatistics {
  const size = covarianceSize(statistics.covariance, statistics.dimensions);
  return {
    ...statistics,
    start: reorderRows(statistics.start, order, 1),
    transition: reorderSquare(statistics.transition, order),
    occupancy: reorderRows(statistics.occupancy, order, 1),
    sums: reorderRows(statistics.sums, order, statistics.dimensions),
    products: reorderRows(statistics.products, order, size),
  };
}

function reorderRows(values: Float64Array, order: readonly number[], width: number): Float64Array {
  return values.map((_, index) => values[order[Math.floor(index / width)]! * width + (index % width)]!);
}

function reorderSquare(values: Float64Array, order: readonly number[]): Float64Array {
  const states = order.length;
  return values.map(
    (_, index) => values[order[Math.floor(index / states)]! * states + order[index % states]!]!,
  );
}
