import { chiSquareQuantile } from '../statistics/chi-square.ts';
import { effectiveRows } from '../statistics/effective-rows.ts';

/** How far the rows of now lie from those that a model was fitted on, of one feature. */
export interface Drift {
  readonly feature: string;
  /** Population stability index over the ten bins that hold a tenth of the reference each. */
  readonly psi: number;
  /** What chance alone makes of it with this confidence, given how dependent the rows are. */
  readonly psiOfChance: number;
  /** Greatest distance of the distribution functions (Kolmogorov and Smirnov), from 0 to 1. */
  readonly ks: number;
  readonly ksOfChance: number;
}

const BINS = 10;
/** In place of an empty bin, whose logarithm is none. */
const SHARE_MIN = 1e-4;

/**
 * Drift of a feature. The bins are quantiles of the reference alone, so that outliers of now move none of them. What chance
 * makes: psi / (1/n + 1/m) is chi-square with bins - 1 degrees of freedom (Yurdakul, "Statistical Properties of Population
 * Stability Index", 2018), and the limit of Smirnov (1948) for ks; both with the {@link effectiveRows} for n and m.
 * @param confidence from 0 to 1.
 * @returns null where either has fewer rows than bins, or a value that is not finite.
 */
export function drift(
  feature: string,
  reference: Float64Array,
  now: Float64Array,
  confidence: number,
): Drift | null {
  if (reference.length < BINS || now.length < BINS) return null;
  if (!reference.every(Number.isFinite) || !now.every(Number.isFinite)) return null;
  const inverse = 1 / effectiveRows(reference) + 1 / effectiveRows(now);
  const [sorted, sortedNow] = [reference.toSorted(), now.toSorted()];
  return {
    feature,
    psi: psiOf(sorted, sortedNow),
    psiOfChance: chiSquareQuantile(confidence, BINS - 1) * inverse,
    ks: ksOf(sorted, sortedNow),
    ksOfChance: Math.min(1, Math.sqrt((-Math.log((1 - confidence) / 2) / 2) * inverse)),
  };
}

function psiOf(reference: Float64Array, now: Float64Array): number {
  const edges = Array.from(
    { length: BINS - 1 },
    (_, index) => reference[Math.floor(((index + 1) * reference.length) / BINS)]!,
  );
  const [expected, actual] = [sharesOf(reference, edges), sharesOf(now, edges)];
  return expected.reduce((sum, share, bin) => {
    const [before, after] = [Math.max(SHARE_MIN, share), Math.max(SHARE_MIN, actual[bin]!)];
    return sum + (after - before) * Math.log(after / before);
  }, 0);
}

/** Share of the values below the first edge, between each two, and from the last one on. */
function sharesOf(sorted: Float64Array, edges: readonly number[]): number[] {
  const below = [0, ...edges.map((edge) => countBelow(sorted, edge)), sorted.length];
  return below.slice(1).map((count, bin) => (count - below[bin]!) / sorted.length);
}

function countBelow(sorted: Float64Array, edge: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < edge) low = middle + 1;
    else high = middle;
  }
  return low;
}

function ksOf(left: Float64Array, right: Float64Array): number {
  let [i, j, most] = [0, 0, 0];
  while (i < left.length && j < right.length) {
    const value = Math.min(left[i]!, right[j]!);
    while (i < left.length && left[i] === value) i++;
    while (j < right.length && right[j] === value) j++;
    most = Math.max(most, Math.abs(i / left.length - j / right.length));
  }
  return most;
}
