import { emptyStatistics } from '../empty-statistics.ts';
import type { ModelSize } from '../hmm.ts';
import type { SufficientStatistics } from '../statistics.ts';

const EMISSION_FIELDS = ['occupancy', 'weights', 'sums', 'products'] as const;

/** Numbers in the statistics of a row: transitions and emissions. How a sequence starts is not among them. */
export function statisticsLength(size: ModelSize): number {
  const empty = emptyStatistics(size);
  return EMISSION_FIELDS.reduce((total, field) => total + empty[field].length, empty.transition.length);
}

/** The numbers seen as statistics; both share the memory. */
export function statisticsOver(numbers: Float64Array, size: ModelSize): SufficientStatistics {
  const empty = emptyStatistics(size);
  let from = 0;
  const take = (like: Float64Array) => numbers.subarray(from, (from += like.length));
  return {
    size,
    rows: 0,
    start: empty.start,
    transition: take(empty.transition),
    occupancy: take(empty.occupancy),
    weights: take(empty.weights),
    sums: take(empty.sums),
    products: take(empty.products),
  };
}

/** Adds a share of what one row says of the emissions of one state. */
export function addEmission(
  target: SufficientStatistics,
  ofRow: SufficientStatistics,
  state: number,
  share: number,
): void {
  for (const field of EMISSION_FIELDS) {
    const width = ofRow[field].length / ofRow.size.states;
    for (let at = state * width; at < (state + 1) * width; at++)
      target[field][at] = target[field][at]! + share * ofRow[field][at]!;
  }
}
