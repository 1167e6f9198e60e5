import { familyOf } from './families/family-of.ts';
import type { ModelSize } from './hmm.ts';
import type { SufficientStatistics } from './statistics.ts';

/** How many numbers each array of the statistics holds. */
export function statisticLengths(size: ModelSize) {
  const { states } = size;
  const widths = familyOf(size.family).statisticWidths(size);
  return {
    start: states,
    transition: states * states,
    occupancy: states,
    weights: states * widths.weights,
    sums: states * widths.sums,
    products: states * widths.products,
  };
}

/** Statistics of no rows. */
export function emptyStatistics(size: ModelSize): SufficientStatistics {
  const lengths = statisticLengths(size);
  return {
    size,
    rows: 0,
    start: new Float64Array(lengths.start),
    transition: new Float64Array(lengths.transition),
    occupancy: new Float64Array(lengths.occupancy),
    weights: new Float64Array(lengths.weights),
    sums: new Float64Array(lengths.sums),
    products: new Float64Array(lengths.products),
  };
}
