import { familyOf } from './families/family-of.ts';
import { HmmError } from './hmm-error.ts';
import type { ModelSize } from './hmm.ts';
import { checkObservations, type Observations, type Span } from './observations.ts';

/**
 * The sequences of observations that a model of the size can have made.
 * @throws HmmError `bad_shape`, `bad_option`, `not_finite`, `unknown_symbol`, or `too_few_rows`.
 */
export function spansFor(size: ModelSize, observations: Observations, rowsMin: number): Span[] {
  if (observations.dimensions !== size.dimensions)
    throw new HmmError('bad_shape', `dimensions must be ${size.dimensions}, not ${observations.dimensions}`);
  const spans = checkObservations(observations, rowsMin);
  familyOf(size.family).checkValues(size, observations.values);
  return spans;
}
