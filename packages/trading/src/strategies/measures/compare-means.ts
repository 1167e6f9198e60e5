import type { BarView } from '../../bars/index.ts';
import { meanClose, sumOfCloses } from './window.ts';

/**
 * Which of two means of closes is larger, in a few operations a bar: 1 the fast one, -1 the slow one, 0 where they are
 * equal. The answer is always that of `meanClose`, the plain sums.
 *
 * A sum that is rolled from bar to bar drifts away from the plain one by rounding, but by a known amount at most. As long as
 * the two means are further apart than that, rolled sums cannot be wrong about which is larger; where they are closer, the
 * plain sums decide. The rolled sums belong to the view and read nothing that it does not show.
 */
export function compareMeans(bars: BarView, fastBars: number, slowBars: number): -1 | 0 | 1 {
  const fast = rolledTo(bars, fastBars);
  const slow = rolledTo(bars, slowBars);
  const lead = fast.sum / fastBars - slow.sum / slowBars;
  const doubt = DRIFT_MAX * (fast.largest / fastBars + slow.largest / slowBars);
  if (Math.abs(lead) > doubt) return lead > 0 ? 1 : -1;
  return compareMeansPlainly(bars, fastBars, slowBars);
}

/** The same by plain sums, for any bar. @param ago how old the newest bar is. */
export function compareMeansPlainly(bars: BarView, fastBars: number, slowBars: number, ago = 0): -1 | 0 | 1 {
  const lead = meanClose(bars, fastBars, ago) - meanClose(bars, slowBars, ago);
  return lead > 0 ? 1 : lead < 0 ? -1 : 0;
}

/** Bars after which a sum is taken anew. */
const ROLLED_BARS_MAX = 1_000;
/**
 * Of the largest sum since it was taken. Adding n numbers and rolling k times errs by less than (n + 2k) × 2^-53 of it
 * (Higham, Accuracy and Stability of Numerical Algorithms, 4.2): for n and k up to 1,000 3.4e-13, and the plain sum by 1.2e-13. Prices are above zero.
 */
const DRIFT_MAX = 1e-11;

interface RolledSum {
  /** Open time of the newest bar in it. */
  newestMs: number;
  sum: number;
  /** The largest that it was since it was taken. */
  largest: number;
  rolledBars: number;
}

/** By view and window: one sum for each length that a strategy asks for, gone with the view. */
const sums = new WeakMap<BarView, Map<number, RolledSum>>();

function rolledTo(bars: BarView, count: number): RolledSum {
  const rolled = rolledSum(bars, count);
  const newestMs = bars.openMs(0);
  if (rolled.newestMs === newestMs) return rolled;
  const follows = bars.count > count && bars.openMs(1) === rolled.newestMs;
  if (follows && rolled.rolledBars < ROLLED_BARS_MAX) {
    rolled.sum += bars.close(0) - bars.close(count);
    rolled.largest = Math.max(rolled.largest, rolled.sum);
    rolled.rolledBars++;
  } else {
    rolled.sum = sumOfCloses(bars, count);
    rolled.largest = rolled.sum;
    rolled.rolledBars = 0;
  }
  rolled.newestMs = newestMs;
  return rolled;
}

function rolledSum(bars: BarView, count: number): RolledSum {
  let ofView = sums.get(bars);
  if (!ofView) sums.set(bars, (ofView = new Map()));
  let rolled = ofView.get(count);
  if (!rolled) ofView.set(count, (rolled = { newestMs: NaN, sum: 0, largest: 0, rolledBars: 0 }));
  return rolled;
}
