import { emissionsOf } from '../emissions.ts';
import { emptyStatistics } from '../empty-statistics.ts';
import { reorderModel, reorderStatistics } from '../state-order.ts';
import { increase, type SufficientStatistics } from '../statistics.ts';
import type { SequenceExpectation } from '../workspace.ts';

/** The same with the broadest state in the place of the first, over whose density the others' are never large. */
export function broadestFirst(way: SequenceExpectation): SequenceExpectation {
  return (model, emissions, statistics) => {
    const { constants } = emissions;
    const broadest = constants.indexOf(Math.min(...constants));
    if (broadest === 0) return way(model, emissions, statistics);
    const order = Array.from(constants.keys());
    [order[0], order[broadest]] = [broadest, 0];
    const swapped = reorderModel(model, order);
    const own = emptyStatistics(statistics.size);
    const logLikelihood = way(swapped, emissionsOf(swapped), own);
    // What is swapped twice is as it was.
    if (logLikelihood !== undefined) addStatistics(statistics, reorderStatistics(own, order));
    return logLikelihood;
  };
}

function addStatistics(statistics: SufficientStatistics, by: SufficientStatistics): void {
  for (const name of ['start', 'transition', 'occupancy', 'sums', 'products'] as const)
    for (const [index, value] of by[name].entries()) increase(statistics[name], index, value);
  statistics.rows += by.rows;
}
