import type { MarkovChain } from '../markov-chain.ts';
import type { Scaling } from '../scaling.ts';

/** Symbols of a feature at most; the floor of their probabilities leaves room for so many. */
export const SYMBOLS_MAX = 10_000;

export interface CategoricalSize {
  readonly family: 'categorical';
  readonly states: number;
  readonly dimensions: number;
  /** Of each feature, how many symbols it has: its values are the whole numbers from 0 up to and without that. */
  readonly symbols: readonly number[];
}

/** A hidden Markov model whose features are symbols, independent of each other given the state. */
export interface CategoricalHmm extends CategoricalSize, MarkovChain {
  /** Symbols have no units: offsets zero, scales one. */
  readonly scaling: Scaling;
  /** Of a state after another, of a feature after another, the probability of each symbol. */
  readonly probabilities: Float64Array;
}
