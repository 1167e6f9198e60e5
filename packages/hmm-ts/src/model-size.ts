import { covarianceSize, type Covariance } from './gaussian-hmm.ts';

export interface ModelSize {
  readonly covariance: Covariance;
  readonly states: number;
  readonly dimensions: number;
}

/** Free parameters: start, transitions, means and covariances; the last entry of a distribution is not free. */
export function parameterCount({ covariance, states, dimensions }: ModelSize): number {
  return states - 1 + states * (states - 1) + states * (dimensions + covarianceSize(covariance, dimensions));
}

/** −2 log-likelihood + parameters × log rows (Schwarz 1978): smaller is better. */
export function bayesianInformationCriterion(size: ModelSize, logLikelihood: number, rows: number): number {
  return -2 * logLikelihood + parameterCount(size) * Math.log(rows);
}
