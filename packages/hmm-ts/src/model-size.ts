import { familyOf } from './families/family-of.ts';
import type { ModelSize } from './hmm.ts';

/** Free parameters: start, transitions and emissions; the last entry of a distribution is not free. */
export function parameterCount(size: ModelSize): number {
  const { states, family } = size;
  return states - 1 + states * (states - 1) + familyOf(family).freeParameters(size);
}

/** −2 log-likelihood + parameters × log rows (Schwarz 1978): smaller is better. */
export function bayesianInformationCriterion(size: ModelSize, logLikelihood: number, rows: number): number {
  return -2 * logLikelihood + parameterCount(size) * Math.log(rows);
}
