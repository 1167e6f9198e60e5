import { BLOCK_STEPS } from '../forward.ts';
import type { MarkovChain } from '../markov-chain.ts';
import { accumulateBlock, increase, type SufficientStatistics } from '../statistics.ts';
import { GUESS_TOLERANCE, PASSES_MAX, WARM_UP_STEPS } from './lane-forward.ts';
import { laneOf, pairsAt, setLanes, type LaneRows } from './lane-rows.ts';

/** What is known at the first row of a half, once a backward pass has come there. */
interface FirstRow {
  /** Smoothed probabilities of the row. */
  readonly smoothed: Float64Array;
  /** Backward variable of the row before it, of any scale. */
  readonly back: Float64Array;
  /** Density × backward variable of the row, in the scale of `back`. */
  readonly weighted: Float64Array;
}

/**
 * The backward pass over both halves of a sequence, after its forward pass; adds its expected statistics.
 * @returns the backward variable at the row before the first, for what comes before; undefined where numbers were lost.
 */
export function backwardLanes(
  rows: LaneRows,
  chain: MarkovChain,
  statistics: SufficientStatistics,
): FirstRow | undefined {
  const lastOfFirst = latticeRow(rows, rows.steps - 1, 0).masses;
  let guess = warmUp(rows, chain);
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    run(rows, chain, guess);
    const second = firstRow(rows, chain, 1);
    const found = overlapOne(second.back, lastOfFirst);
    if (!found.every(Number.isFinite)) return undefined;
    const used = overlapOne(guess, lastOfFirst);
    if (
      found.every((value, state) => Math.abs(value - used[state]!) <= GUESS_TOLERANCE * Math.max(1, value))
    ) {
      addStatistics(rows, chain, statistics);
      addPairs(statistics, chain, lastOfFirst, second);
      const first = firstRow(rows, chain, 0);
      accumulateBlock(statistics, valuesOf(rows, 0), first.smoothed, { from: 0, to: 1 });
      accumulateBlock(statistics, valuesOf(rows, 1), second.smoothed, { from: 0, to: 1 });
      return first;
    }
    guess = second.back;
  }
  return undefined;
}

/** Adds the expected transitions into a half's first row from the row before it, whose filtered masses are given. */
export function addPairs(
  statistics: SufficientStatistics,
  { states, transition }: MarkovChain,
  before: Float64Array,
  { back, weighted }: FirstRow,
): void {
  const mass = before.reduce((sum, own, state) => sum + own * back[state]!, 0);
  for (let from = 0; from < states; from++)
    for (let to = 0; to < states; to++) {
      const entry = from * states + to;
      const pair = (before[from]! / mass) * weighted[to]! * transition[entry]!;
      statistics.transition[entry] = statistics.transition[entry]! + pair;
    }
}

/** What the first rows of the second half say about the row before them, whatever comes after. */
function warmUp(rows: LaneRows, chain: MarkovChain): Float64Array {
  const { kernel, steps, valuesAt, valueBytes, latticeAt, latticeBytes } = rows;
  const count = Math.min(WARM_UP_STEPS, steps - 1);
  const ones = new Float64Array(chain.states).fill(1);
  setLanes(pairsAt(kernel, kernel.layout.carry, chain.states), ones, ones);
  pairsAt(kernel, kernel.layout.normaliser, 1).fill(1);
  kernel.backward(valuesAt + count * valueBytes, latticeAt + count * latticeBytes, count);
  const { back } = firstRow(rows, chain, 1);
  return back.every(Number.isFinite) ? back : ones;
}

/** The pass itself, from the last row to the second; the first is left to {@link firstRow}. */
function run(rows: LaneRows, chain: MarkovChain, endOfFirst: Float64Array): void {
  const { kernel, steps, valuesAt, valueBytes, latticeAt, latticeBytes } = rows;
  const { layout } = kernel;
  const ends = [endOfFirst, new Float64Array(chain.states).fill(1)] as const;
  const carry = pairsAt(kernel, layout.carry, chain.states);
  setLanes(carry, ...ends);
  const normaliser = pairsAt(kernel, layout.normaliser, 1);
  for (const lane of [0, 1] as const) {
    const { masses } = latticeRow(rows, steps - 1, lane);
    normaliser[lane] = 1 / masses.reduce((sum, mass, state) => sum + mass * ends[lane][state]!, 0);
  }
  pairsAt(kernel, layout.statistics, layout.statisticPairs).fill(0);
  for (let last = steps - 1; last > 0; last -= BLOCK_STEPS)
    kernel.backward(
      valuesAt + last * valueBytes,
      latticeAt + last * latticeBytes,
      Math.min(BLOCK_STEPS, last),
    );
}

function firstRow(rows: LaneRows, { states, transition }: MarkovChain, lane: 0 | 1): FirstRow {
  const { kernel } = rows;
  const beta = laneOf(pairsAt(kernel, kernel.layout.carry, states), lane);
  const { masses, densities } = latticeRow(rows, 0, lane);
  const smoothed = overlapOne(beta, masses).map((value, state) => value * masses[state]!);
  const weighted = densities.map((density, state) => density * beta[state]!);
  const back = new Float64Array(states);
  for (let from = 0; from < states; from++)
    for (let to = 0; to < states; to++)
      back[from] = back[from]! + transition[from * states + to]! * weighted[to]!;
  return { smoothed, weighted, back };
}

/** The backward variable, scaled so that its sum weighted by the masses is one. */
function overlapOne(beta: Float64Array, masses: Float64Array): Float64Array {
  const overlap = beta.reduce((sum, value, state) => sum + value * masses[state]!, 0);
  return beta.map((value) => value / overlap);
}

function latticeRow({ kernel, shape, latticeAt, latticeBytes }: LaneRows, step: number, lane: 0 | 1) {
  const row = laneOf(pairsAt(kernel, latticeAt + step * latticeBytes, 2 * shape.states), lane);
  return { masses: row.subarray(0, shape.states), densities: row.subarray(shape.states) };
}

function valuesOf({ kernel, shape, valuesAt }: LaneRows, lane: 0 | 1): Float64Array {
  return laneOf(pairsAt(kernel, valuesAt, shape.dimensions), lane);
}

/** What the kernel summed up, both lanes together. */
function addStatistics(
  { kernel }: LaneRows,
  { states, transition }: MarkovChain,
  statistics: SufficientStatistics,
): void {
  const { layout } = kernel;
  const pairs = pairsAt(kernel, layout.statistics, layout.statisticPairs);
  let at = 0;
  const next = () => {
    at += 2;
    return pairs[at - 2]! + pairs[at - 1]!;
  };
  for (let entry = 0; entry < states * states; entry++)
    increase(statistics.transition, entry, next() * transition[entry]!);
  const { occupancy, sums, products } = statistics;
  const dimensions = sums.length / states;
  const count = products.length / states;
  let product = 0;
  for (let state = 0; state < states; state++) {
    increase(occupancy, state, next());
    // The kernel interleaves: after the sums of a state come its products, row by row.
    for (let d = 0; d < dimensions; d++) increase(sums, state * dimensions + d, next());
    for (let index = 0; index < count; index++) increase(products, product++, next());
  }
}
