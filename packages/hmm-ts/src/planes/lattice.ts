import type { Block, Blocks } from './planes.ts';

/** Steps between two normalisations, a power of two: masses that explain their rows stay far from zero meanwhile. */
const RESCALE_BITS = 3;
export const RESCALE_STEPS = 2 ** RESCALE_BITS;

/** The working arrays of a sequence, in planes of states. */
export interface PlaneLattice {
  /** Densities of all rows, block by block, of each row divided by one number in all states. */
  readonly densities: Float64Array;
  /** Filtered probabilities of one block's rows, of each row times one number in all states. */
  readonly masses: Float64Array;
  /** Probabilities of the states before each block: from them its masses can be computed again. */
  readonly starts: Float64Array;
  /** Of each normalisation of the block, what the masses were multiplied by. */
  readonly factors: Float64Array;
}

/** With room for a sequence of such blocks. */
export function createPlaneLattice({ list, stride }: Blocks, states: number): PlaneLattice {
  return {
    densities: new Float64Array(list.length * stride * states),
    masses: new Float64Array(stride * states),
    starts: new Float64Array(list.length * states),
    factors: new Float64Array(Math.ceil(stride / RESCALE_STEPS)),
  };
}

/** A block of a lattice: the planes of its densities begin at `at`. */
export interface LatticeBlock extends Omit<PlaneLattice, 'starts'> {
  readonly at: number;
  readonly stride: number;
  readonly steps: number;
  /** Probabilities of the states before it. */
  readonly start: Float64Array;
}

export function latticeBlock(
  { densities, masses, starts, factors }: PlaneLattice,
  { first, steps }: Block,
  { states, stride }: { readonly states: number; readonly stride: number },
): LatticeBlock {
  const start = (first / stride) * states;
  return {
    densities,
    masses,
    factors,
    at: first * states,
    stride,
    steps,
    start: starts.subarray(start, start + states),
  };
}

/** Whether the masses of a block's step are normalised. */
export const rescaled = (step: number): boolean => (step & (RESCALE_STEPS - 1)) === RESCALE_STEPS - 1;

/** Which of the block's factors that step has. */
export const factorOf = (step: number): number => step >> RESCALE_BITS;
