import { familyOf } from './families/family-of.ts';
import type { Hmm } from './hmm.ts';
import type { SufficientStatistics } from './statistics.ts';

/**
 * The M step (Baum and others 1970): the model that makes the expected log-likelihood largest, with every variance at
 * least `varianceFloor`, a fraction of the pooled variance. Transitions that were zero stay zero.
 */
export function maximisation(model: Hmm, statistics: SufficientStatistics, varianceFloor: number): Hmm {
  return {
    ...familyOf(model.family).maximise(model, statistics, varianceFloor),
    start: normalised(statistics.start, model.start),
    transition: transitionOf(model, statistics),
  };
}

function transitionOf(model: Hmm, statistics: SufficientStatistics): Float64Array {
  const { states } = model;
  const transition = new Float64Array(states * states);
  for (let row = 0; row < states * states; row += states)
    transition.set(
      normalised(
        statistics.transition.subarray(row, row + states),
        model.transition.subarray(row, row + states),
      ),
      row,
    );
  return transition;
}

/** The counts as probabilities; what was before, where there are none. */
function normalised(counts: Float64Array, before: Float64Array): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total > 0 ? counts.map((count) => count / total) : before.slice();
}
