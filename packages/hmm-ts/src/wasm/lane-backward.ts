import { BLOCK_STEPS } from '../forward.ts';
import type { MarkovChain } from '../markov-chain.ts';
import { accumulateBlock, type SufficientStatistics } from '../statistics.ts';
import { isGuessed, PASSES_MAX, WARM_UP_STEPS } from './lane-forward.ts';
import { blockMasses, lastMasses } from './lane-masses.ts';
import { laneOf, pairsAt, setLanes, type LaneRows } from './lane-rows.ts';
import { addPairs, addStatistics, type FirstRow } from './lane-statistics.ts';
import { densityBytes, firstKept, PAIR_BYTES } from './layout.ts';

/**
 * The backward pass over both halves of a sequence, after its forward pass; adds its expected statistics.
 * @returns the backward variable at the row before the first, for what comes before; undefined where numbers were lost.
 */
export function backwardLanes(
  rows: LaneRows,
  chain: MarkovChain,
  statistics: SufficientStatistics,
): FirstRow | undefined {
  const lastOfFirst = laneOf(lastMasses(rows), 0);
  let guess = warmUp(rows, chain);
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    run(rows, chain, guess);
    const second = firstRow(rows, chain, 1);
    const found = overlapOne(second.back, lastOfFirst);
    if (!found.every(Number.isFinite)) return undefined;
    if (isGuessed(found, overlapOne(guess, lastOfFirst))) {
      const first = firstRow(rows, chain, 0);
      // What a state without probability explains may have grown beyond all numbers; it goes on to the first row.
      if (!first.smoothed.every(Number.isFinite)) return undefined;
      addStatistics(rows, chain, statistics);
      addPairs(statistics, chain, lastOfFirst, second);
      accumulateBlock(statistics, valuesOf(rows, 0), first.smoothed, { from: 0, to: 1 });
      accumulateBlock(statistics, valuesOf(rows, 1), second.smoothed, { from: 0, to: 1 });
      return first;
    }
    guess = second.back;
  }
  return undefined;
}

/** What the first rows of the second half say about the row before them, whatever comes after. */
function warmUp(rows: LaneRows, chain: MarkovChain): Float64Array {
  const { kernel, steps } = rows;
  const count = Math.min(WARM_UP_STEPS, steps - 1);
  const ones = new Float64Array(chain.states).fill(1);
  setLanes(pairsAt(kernel, kernel.layout.carry, chain.states), ones, ones);
  pairsAt(kernel, kernel.layout.normaliser, 1).fill(1);
  blockMasses(rows, 0, count + 1);
  blockBackward(rows, { first: 0, from: 1, steps: count });
  const { back } = firstRow(rows, chain, 1);
  return back.every(Number.isFinite) ? back : ones;
}

/** The pass itself, from the last row to the second; the first is left to {@link firstRow}. */
function run(rows: LaneRows, chain: MarkovChain, endOfFirst: Float64Array): void {
  const { kernel, steps } = rows;
  const { layout } = kernel;
  const ends = [endOfFirst, new Float64Array(chain.states).fill(1)] as const;
  const carry = pairsAt(kernel, layout.carry, chain.states);
  setLanes(carry, ...ends);
  const normaliser = pairsAt(kernel, layout.normaliser, 1);
  for (const lane of [0, 1] as const) {
    const masses = laneOf(lastMasses(rows), lane);
    normaliser[lane] = 1 / masses.reduce((sum, mass, state) => sum + mass * ends[lane][state]!, 0);
  }
  pairsAt(kernel, layout.statistics, layout.statisticPairs).fill(0);
  for (let first = Math.floor((steps - 1) / BLOCK_STEPS) * BLOCK_STEPS; first >= 0; first -= BLOCK_STEPS) {
    const count = Math.min(BLOCK_STEPS, steps - first);
    blockMasses(rows, first, count);
    const from = first === 0 ? 1 : 0;
    if (count > from) blockBackward(rows, { first, from, steps: count - from });
  }
}

/** Passes back over `steps` steps of the block at `first`, down to the one numbered `from` in it. */
function blockBackward(
  { kernel, shape, valuesAt, valueBytes, densitiesAt }: LaneRows,
  { first, from, steps }: { readonly first: number; readonly from: number; readonly steps: number },
): void {
  const last = from + steps - 1;
  kernel.backward(
    valuesAt + (first + last) * valueBytes,
    densitiesAt + (first + last) * densityBytes(shape),
    kernel.layout.masses + (1 + last) * shape.states * PAIR_BYTES,
    steps,
  );
}

function firstRow(rows: LaneRows, { states, transition }: MarkovChain, lane: 0 | 1): FirstRow {
  const { kernel } = rows;
  const beta = laneOf(pairsAt(kernel, kernel.layout.carry, states), lane);
  const masses = laneOf(pairsAt(kernel, kernel.layout.masses + states * PAIR_BYTES, states), lane);
  const kept = firstKept(rows.shape);
  const densities = new Float64Array(states).fill(1);
  densities.set(laneOf(pairsAt(kernel, rows.densitiesAt, states - kept), lane), kept);
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

function valuesOf({ kernel, shape, valuesAt }: LaneRows, lane: 0 | 1): Float64Array {
  return laneOf(pairsAt(kernel, valuesAt, shape.dimensions), lane);
}
