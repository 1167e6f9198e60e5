import type { MarkovChain } from '../markov-chain.ts';
import { increase, type SufficientStatistics } from '../statistics.ts';
import { backwardPass } from './backward.ts';
import { addDots } from './dots.ts';
import { forwardPass } from './forward.ts';
import { latticeBlock, type LatticeBlock } from './lattice.ts';
import { createMonomials, fillProducts, valuesIn } from './monomials.ts';
import type { PlaneSequence } from './plane-sequence.ts';
import type { Planes } from './planes.ts';
import { fillRowPlanes } from './row-planes.ts';

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
 * The backward pass of a sequence after its forward pass, whose masses are computed again block by block; adds its
 * expected statistics.
 * @returns false, with nothing added, where numbers were lost.
 */
export function backwardPlanes(
  { rows, blocks, lattice }: PlaneSequence,
  { states, transition }: MarkovChain,
  statistics: SufficientStatistics,
): boolean {
  const { list, stride } = blocks;
  const diagonal = statistics.products.length === statistics.sums.length;
  const monomials = createMonomials(rows.scaling.scales.length, diagonal, stride);
  const moments = new Float64Array(states * monomials.count);
  const pairs = new Float64Array(states * states);
  const smoothed = { numbers: new Float64Array(states * stride), at: 0, stride, count: states };
  const beta = new Float64Array(states).fill(1);
  const [forward, backward] = [forwardPass(states), backwardPass(states)];
  let after: Planes | undefined;
  for (const each of list.toReversed()) {
    const block = latticeBlock(lattice, each, { states, stride });
    forward(transition, block.start.slice(), block);
    normalise(beta, block);
    backward(transition, beta, block, smoothed.numbers);
    addPairs(pairs, block, after);
    after = { numbers: block.densities, at: block.at, stride, count: states };
    fillRowPlanes(rows, each, valuesIn(monomials));
    fillProducts(monomials, each.steps);
    addDots(smoothed, monomials, each.steps, moments);
  }
  const start = beta.map((_, state) => smoothed.numbers[state * stride]!);
  if (![start, pairs, moments].every((sums) => sums.every(Number.isFinite))) return false;
  addSums(statistics, { start, pairs, moments }, transition);
  statistics.rows += rows.span.steps;
  return true;
}

/** Scales the backward variable so that the smoothed probabilities of the block's last step sum to one. */
function normalise(beta: Float64Array, { masses, stride, steps }: LatticeBlock): void {
  let overlap = 0;
  for (let state = 0; state < beta.length; state++)
    overlap += masses[steps - 1 + state * stride]! * beta[state]!;
  for (let state = 0; state < beta.length; state++) beta[state] = beta[state]! / overlap;
}

/**
 * Adds the block's pairs of steps, and that of its last step with the first one after it.
 * @param after what the backward pass left of the block after it; undefined at the end.
 */
function addPairs(pairs: Float64Array, block: LatticeBlock, after: Planes | undefined): void {
  const { densities, masses, at, stride, steps, start } = block;
  const before = { numbers: masses, at: 0, stride, count: start.length };
  addDots(before, { ...before, numbers: densities, at: at + 1 }, steps - 1, pairs);
  if (after) addDots({ ...before, at: steps - 1 }, after, 1, pairs);
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
