import type { MarkovChain } from '../markov-chain.ts';
import type { Scaling } from '../scaling.ts';

export interface MixtureSize {
  readonly family: 'mixture';
  readonly states: number;
  readonly dimensions: number;
  /** Gaussians a state. */
  readonly components: number;
}

/** A hidden Markov model with a mixture of diagonal Gaussians a state, in standardised units. */
export interface MixtureHmm extends MixtureSize, MarkovChain {
  readonly scaling: Scaling;
  /** Share of each component in its state, row-major states × components. */
  readonly shares: Float64Array;
  /** Row-major states × components × dimensions. */
  readonly means: Float64Array;
  /** Row-major states × components × dimensions. */
  readonly variances: Float64Array;
}
