import { familyOf } from './families/family-of.ts';
import type { ModelSize } from './hmm.ts';
import type { SufficientStatistics } from './statistics.ts';

/** Statistics of no rows. */
export function emptyStatistics(size: ModelSize): SufficientStatistics {
  const { states } = size;
  const widths = familyOf(size.family).statisticWidths(size);
  return {
    size,
    rows: 0,
    start: new Float64Array(states),
    transition: new Float64Array(states * states),
    occupancy: new Float64Array(states),
    weights: new Float64Array(states * widths.weights),
    sums: new Float64Array(states * widths.sums),
    products: new Float64Array(states * widths.products),
  };
}
