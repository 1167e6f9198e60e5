import type { MarkovChain } from '../markov-chain.ts';
import type { Scaling } from '../scaling.ts';

export interface StudentTSize {
  readonly family: 'student_t';
  readonly states: number;
  readonly dimensions: number;
}

/** A hidden Markov model with one multivariate Student-t with diagonal scale matrix a state, in standardised units. */
export interface StudentTHmm extends StudentTSize, MarkovChain {
  readonly scaling: Scaling;
  /** Row-major states × dimensions. */
  readonly means: Float64Array;
  /** Diagonals of the scale matrices, row-major states × dimensions; a variance is freedom / (freedom − 2) times that. */
  readonly dispersions: Float64Array;
  /** Degrees of freedom of each state, above two. */
  readonly freedoms: Float64Array;
}
