import type { Hmm, ModelSize } from '../hmm.ts';
import { stateLogDensities } from '../infer.ts';
import { viterbi } from '../inference.ts';
import { parameterCount } from '../model-size.ts';
import type { Observations } from '../observations.ts';
import { spansFor } from '../rows-of-model.ts';

/** −2 log-likelihood + 2 parameters (Akaike 1974): smaller is better; of HMMs it takes too many states. */
export function akaikeInformationCriterion(size: ModelSize, logLikelihood: number): number {
  return 2 * parameterCount(size) - 2 * logLikelihood;
}

/**
 * Integrated completed likelihood (Biernacki, Celeux and Govaert 2000; of HMMs, Celeux and Durand 2008): the Bayesian
 * information criterion with the likelihood of the rows and their most likely path together, so that states count only
 * as far as they can be told apart. Smaller is better.
 * @throws HmmError as `infer`, and `impossible_observation`.
 */
export function integratedCompletedLikelihood(model: Hmm, observations: Observations): number {
  const { states } = model;
  const logDensities = stateLogDensities(model, observations);
  const joint = spansFor(model, observations, 1).reduce((total, { first, steps }) => {
    const own = logDensities.subarray(first * states, (first + steps) * states);
    return total + viterbi(model, own).logProbability;
  }, 0);
  const rows = logDensities.length / states;
  return -2 * joint + parameterCount(model) * Math.log(rows);
}
