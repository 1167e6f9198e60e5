import { familyOf } from './families/family-of.ts';
import type { Hmm } from './hmm.ts';
import { stateDeviations } from './state-moments.ts';
import type { SufficientStatistics } from './statistics.ts';

/** The states, calmest first: by their deviation in one feature, ties by their mean. */
export function calmestFirst(model: Hmm, feature: number): readonly number[] {
  const { means } = familyOf(model.family).moments(model);
  const deviations = stateDeviations(model);
  const at = (state: number) => state * model.dimensions + feature;
  return Array.from({ length: model.states }, (_, state) => state).toSorted(
    (a, b) => deviations[at(a)]! - deviations[at(b)]! || means[at(a)]! - means[at(b)]!,
  );
}

/** The same model with its states calmest first, by their deviation in one feature. */
export function orderStates<M extends Hmm>(model: M, feature: number): M {
  return reorderModel(model, calmestFirst(model, feature));
}

/** The same model with its states in another order: new state i is old state `order[i]`. */
export function reorderModel<M extends Hmm>(model: M, order: readonly number[]): M;
export function reorderModel(model: Hmm, order: readonly number[]): Hmm {
  return {
    ...familyOf(model.family).mapStates(model, (values) => reorderRows(values, order)),
    start: reorderRows(model.start, order),
    transition: reorderSquare(model.transition, order),
  };
}

/** Statistics in the same new order as the model. */
export function reorderStatistics(
  statistics: SufficientStatistics,
  order: readonly number[],
): SufficientStatistics {
  return {
    ...statistics,
    start: reorderRows(statistics.start, order),
    transition: reorderSquare(statistics.transition, order),
    occupancy: reorderRows(statistics.occupancy, order),
    weights: reorderRows(statistics.weights, order),
    sums: reorderRows(statistics.sums, order),
    products: reorderRows(statistics.products, order),
  };
}

function reorderRows(values: Float64Array, order: readonly number[]): Float64Array {
  const width = values.length / order.length;
  return values.map((_, index) => values[order[Math.floor(index / width)]! * width + (index % width)]!);
}

function reorderSquare(values: Float64Array, order: readonly number[]): Float64Array {
  const states = order.length;
  return values.map(
    (_, index) => values[order[Math.floor(index / states)]! * states + order[index % states]!]!,
  );
}
