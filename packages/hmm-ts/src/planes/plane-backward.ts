import type { MarkovChain } from '../markov-chain.ts';
import type { SufficientStatistics } from '../statistics.ts';
import { backwardPass } from './backward.ts';
import { addDots } from './dots.ts';
import { latticeBlock, type LatticeBlock, type PlaneLattice } from './lattice.ts';
import { createMonomials, fillMonomials } from './monomials.ts';
import { rowPlanes, type PlaneRows } from './plane-rows.ts';

/** What a sequence adds to the statistics. */
interface Sums {
  /** Smoothed probabilities of the first row. */
  readonly start: Float64Array;
  /** Row-major states × states: expected transitions, each divided by its probability. */
  readonly pairs: Float64Array;
  /** Row-major states × monomials. */
  readonly moments: Float64Array;
}

/**
 * The backward pass of a sequence after its forward pass; adds its expected statistics.
 * @returns false, with nothing added, where numbers were lost.
 */
export function backwardPlanes(
  rows: PlaneRows,
  lattice: PlaneLattice,
  chain: MarkovChain,
  statistics: SufficientStatistics,
): boolean {
  const { list, stride } = rows.blocks;
  const { states } = chain;
  const diagonal = statistics.products.length === statistics.sums.length;
  const monomials = createMonomials(rows.dimensions, diagonal, stride);
  const moments = new Float64Array(states * monomials.count);
  const pairs = new Float64Array(states * states);
  const smoothed = { numbers: new Float64Array(states * stride), at: 0, stride, count: states };
  const beta = new Float64Array(states).fill(1);
  const pass = backwardPass(states);
  for (const each of list.toReversed()) {
    const block = latticeBlock(lattice, each, states, stride);
    normalise(beta, block);
    pass(chain.transition, beta, block, smoothed.numbers);
    addPairs(pairs, block, each.first > 0);
    fillMonomials(monomials, rowPlanes(rows, each.first), each.steps);
    addDots(smoothed, monomials, each.steps, moments);
  }
  const start = pairs.slice(0, states).map((_, state) => smoothed.numbers[state * stride]!);
  if (![start, pairs, moments].every((sums) => sums.every(Number.isFinite))) return false;
  addSums(statistics, { start, pairs, moments }, chain.transition);
  statistics.rows += rows.steps;
  return true;
}

/** Scales the backward variable so that the smoothed probabilities of the block's last step sum to one. */
function normalise(beta: Float64Array, { masses, at, stride, steps }: LatticeBlock): void {
  let overlap = 0;
  for (let state = 0; state < beta.length; state++)
    overlap += masses[at + steps - 1 + state * stride]! * beta[state]!;
  for (let state = 0; state < beta.length; state++) beta[state] = beta[state]! / overlap;
}

/** Adds the block's pairs of steps, and that of its first step with the one before it. */
function addPairs(pairs: Float64Array, block: LatticeBlock, hasBefore: boolean): void {
  const { densities, masses, at, stride, steps } = block;
  const count = Math.sqrt(pairs.length);
  const weighted = { numbers: densities, at: at + 1, stride, count };
  addDots({ numbers: masses, at, stride, count }, weighted, steps - 1, pairs);
  if (!hasBefore) return;
  // The block before has as many planes, all of them whole.
  const before = { numbers: masses, at: at - count * stride + stride - 1, stride, count };
  addDots(before, { ...weighted, at }, 1, pairs);
}

function addSums(
  statistics: SufficientStatistics,
  { start, pairs, moments }: Sums,
  transition: Float64Array,
): void {
  const { occupancy, sums, products } = statistics;
  const states = start.length;
  const dimensions = sums.length / states;
  const width = moments.length / states;
  const increase = (totals: Float64Array, index: number, by: number) => {
    totals[index] = totals[index]! + by;
  };
  for (const [state, mass] of start.entries()) increase(statistics.start, state, mass);
  for (const [pair, sum] of pairs.entries()) increase(statistics.transition, pair, sum * transition[pair]!);
  for (let state = 0; state < states; state++) {
    const own = moments.subarray(state * width, (state + 1) * width);
    increase(occupancy, state, own[0]!);
    for (let d = 0; d < dimensions; d++) increase(sums, state * dimensions + d, own[1 + d]!);
    const count = width - 1 - dimensions;
    for (let index = 0; index < count; index++)
      increase(products, state * count + index, own[1 + dimensions + index]!);
  }
}
