import type { Block, Lattice } from './forward.ts';
import { HmmError } from './hmm-error.ts';
import type { MarkovChain } from './markov-chain.ts';

/** Below this a probability has lost digits, and what is divided by it overflows. */
const MASS_MIN = 1e-290;

/** What the backward pass carries from block to block. */
export interface BackwardCarry {
  /** Scaled backward variable of the step that comes next; all ones at the end of a sequence. */
  readonly beta: Float64Array;
  /** Scratch. */
  readonly weighted: Float64Array;
  /** Sum of filtered[t-1, i] × density[t, j] × beta[t, j], scaled; times the transition matrix it is the expected counts. */
  readonly pairs: Float64Array;
}

export function createBackwardCarry(states: number): BackwardCarry {
  return {
    beta: new Float64Array(states).fill(1),
    weighted: new Float64Array(states),
    pairs: new Float64Array(states * states),
  };
}

/**
 * Backward recursion (Rabiner 1989, equations 24 to 27 and 37) over a block of a sequence that starts at step 0.
 * Turns filtered probabilities into smoothed ones in place. Each step is normalised by its own mass, so neither the
 * scale factors of the forward pass nor their logarithms are needed.
 * @throws HmmError `impossible_observation` where all that comes after a step rests on states that had next to no probability
 *   there: less than a number can hold.
 */
export function backwardBlock(
  chain: MarkovChain,
  lattice: Lattice,
  carry: BackwardCarry,
  block: Block,
): void {
  const { densities, posterior } = lattice;
  const { states, transition } = chain;
  const { beta, weighted, pairs } = carry;
  for (let step = block.to - 1; step >= block.from; step--) {
    const row = step * states;
    for (let j = 0; j < states; j++) {
      weighted[j] = densities[row + j]! * beta[j]!;
      posterior[row + j] = posterior[row + j]! * beta[j]!;
    }
    if (step === 0) return;
    const before = row - states;
    let mass = 0;
    for (let i = 0; i < states; i++) {
      let back = 0;
      for (let j = 0; j < states; j++) back += transition[i * states + j]! * weighted[j]!;
      // What a state without probability would explain is never counted, but could grow without bounds.
      if (posterior[before + i] === 0) back = 0;
      beta[i] = back;
      mass += posterior[before + i]! * back;
    }
    if (!(mass >= MASS_MIN && mass < Infinity))
      throw new HmmError(
        'impossible_observation',
        `step ${step} can come after next to impossible states only: it is too unlikely to be computed`,
      );
    const perMass = 1 / mass;
    for (let i = 0; i < states; i++) {
      beta[i] = beta[i]! * perMass;
      const filtered = posterior[before + i]! * perMass;
      for (let j = 0; j < states; j++)
        pairs[i * states + j] = pairs[i * states + j]! + filtered * weighted[j]!;
    }
  }
}
