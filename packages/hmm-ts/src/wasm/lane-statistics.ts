import type { MarkovChain } from '../markov-chain.ts';
import { increase, type SufficientStatistics } from '../statistics.ts';
import { pairsAt, type LaneRows } from './lane-rows.ts';

/** What is known at the first row of a half, once a backward pass has come there. */
export interface FirstRow {
  /** Smoothed probabilities of the row. */
  readonly smoothed: Float64Array;
  /** Backward variable of the row before it, of any scale. */
  readonly back: Float64Array;
  /** Density × backward variable of the row, in the scale of `back`. */
  readonly weighted: Float64Array;
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

/** What the kernel summed up, both lanes together. */
export function addStatistics(
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
