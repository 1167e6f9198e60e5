import { packedSize } from './cholesky.ts';
import type { MarkovChain } from './markov-chain.ts';
import type { Scaling } from './scaling.ts';

/**
 * `spherical`: a state has one variance for all features, in the units of the data. `diagonal`: one for each feature.
 * `full`: a matrix. `tied`: one matrix for all states.
 */
export type Covariance = 'spherical' | 'diagonal' | 'tied' | 'full';

/** How the numbers of a covariance lie: variances, or a lower triangle. */
export type CovarianceLayout = 'diagonal' | 'full';

export interface GaussianSize {
  readonly family: 'gaussian';
  readonly covariance: Covariance;
  readonly states: number;
  readonly dimensions: number;
}

/** A hidden Markov model with one Gaussian a state. Its numbers are in standardised units; see {@link Scaling}. */
export interface GaussianHmm extends GaussianSize, MarkovChain {
  readonly scaling: Scaling;
  /** Row-major states × dimensions. */
  readonly means: Float64Array;
  /**
   * A state's covariance after another: the variances (`spherical` and `diagonal`, dimensions numbers), or the lower
   * triangle row by row (`tied` and `full`, dimensions × (dimensions + 1) / 2 numbers; `tied` repeats it).
   */
  readonly covariances: Float64Array;
}

export function layoutOfCovariance(covariance: Covariance): CovarianceLayout {
  return covariance === 'spherical' || covariance === 'diagonal' ? 'diagonal' : 'full';
}

/** Numbers that a state's covariance takes. */
export function covarianceSize(covariance: Covariance, dimensions: number): number {
  return layoutOfCovariance(covariance) === 'diagonal' ? dimensions : packedSize(dimensions);
}
