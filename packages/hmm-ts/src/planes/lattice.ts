import { BLOCK_STEPS, blocksOf, type Block } from './planes.ts';

/** Steps between two normalisations, a power of two: masses that explain their rows stay far from zero meanwhile. */
const RESCALE_BITS = 3;
export const RESCALE_STEPS = 2 ** RESCALE_BITS;
const FACTORS_PER_BLOCK = BLOCK_STEPS / RESCALE_STEPS;

/** The working arrays of a sequence, in planes of states block by block. */
export interface PlaneLattice {
  /** Densities of the rows, of each row divided by one number in all states. */
  readonly densities: Float64Array;
  /** Filtered probabilities, of each row times one number in all states. */
  readonly masses: Float64Array;
  /** Of each normalisation, what the masses were multiplied by. */
  readonly factors: Float64Array;
}

/** With room for a sequence of so many steps. */
export function createPlaneLattice(steps: number, states: number): PlaneLattice {
  const { list, stride } = blocksOf(steps);
  const cells = list.length * stride * states;
  return {
    densities: new Float64Array(cells),
    masses: new Float64Array(cells),
    factors: new Float64Array(list.length * FACTORS_PER_BLOCK),
  };
}

/** A block of a lattice: its planes begin at `at`, its factors at `factorsAt`. */
export interface LatticeBlock extends PlaneLattice {
  readonly at: number;
  readonly stride: number;
  readonly steps: number;
  readonly factorsAt: number;
}

export function latticeBlock(
  { densities, masses, factors }: PlaneLattice,
  { first, steps }: Block,
  states: number,
  stride: number,
): LatticeBlock {
  const factorsAt = first / RESCALE_STEPS;
  return { densities, masses, factors, at: first * states, stride, steps, factorsAt };
}

/** Whether the masses of a block's step are normalised. */
export const rescaled = (step: number): boolean => (step & (RESCALE_STEPS - 1)) === RESCALE_STEPS - 1;

/** Which of a block's factors that step has. */
export const factorOf = (step: number): number => step >> RESCALE_BITS;
