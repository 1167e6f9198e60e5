import { checkCount, checkNumbers } from './check-numbers.ts';
import { familyOf } from './families/family-of.ts';
import { HmmError } from './hmm-error.ts';
import type { Hmm } from './hmm.ts';
import { checkDistribution } from './markov-chain.ts';

/** @throws HmmError `bad_model`, naming the field, unless the parts fit together and describe distributions. */
export function checkModel(model: Hmm): void {
  const { states, dimensions, scaling } = model;
  checkCount(states, 'states');
  checkCount(dimensions, 'dimensions');
  checkNumbers(model.start, states, 'start');
  checkNumbers(model.transition, states * states, 'transition');
  checkNumbers(scaling.offsets, dimensions, 'scaling offsets');
  checkNumbers(scaling.scales, dimensions, 'scaling scales');
  if (!scaling.scales.every((scale) => scale > 0))
    throw new HmmError('bad_model', 'scaling scales must be above zero');
  checkDistribution(model.start, 'start');
  for (let state = 0; state < states; state++)
    checkDistribution(
      model.transition.subarray(state * states, (state + 1) * states),
      `transition row ${state}`,
    );
  familyOf(model.family).check(model);
}
