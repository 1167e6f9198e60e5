import { lowerBound } from '@aistock/market';
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

/** Rows to compare of one feature. */
export interface DriftInput {
  readonly feature: string;
  readonly reference: Float64Array;
  /** What each row of the reference counts, zero or above; all the same unless told. */
  readonly weights?: Float64Array;
  readonly now: Float64Array;
  /** From 0 to 1: what chance makes is more in as many of a thousand cases as are left to 1. */
  readonly confidence: number;
}

/**
 * Drift of a feature. The bins are quantiles of the reference alone, so that outliers of now move none of them. What chance
 * makes: psi / (1/n + 1/m) is chi-square with bins - 1 degrees of freedom (Yurdakul, "Statistical Properties of Population
 * Stability Index", 2018), and the limit of Smirnov (1948) for ks; both with the {@link effectiveRows} for n and m, and weights
 * as by Kish, "Survey Sampling" (1965).
 * @returns null where either has a value that is not finite, or fewer rows than bins; weights may leave a few rows of many, and
 *   then chance explains whatever there is.
 */
export function drift({ feature, reference, weights, now, confidence }: DriftInput): Drift | null {
  if (reference.length < BINS || now.length < BINS) return null;
  if (!reference.every(Number.isFinite) || !now.every(Number.isFinite)) return null;
  const kept = weights ? kishShare(weights) : 1;
  if (!(kept * reference.length >= BINS)) return null;
  const [before, after] = [distributionOf(reference, weights), distributionOf(now)];
  const inverse = 1 / Math.max(1, kept * effectiveRows(reference)) + 1 / effectiveRows(now);
  return {
    feature,
    psi: psiOf(before, after),
    psiOfChance: chiSquareQuantile(confidence, BINS - 1) * inverse,
    ks: ksOf(before, after),
    ksOfChance: Math.min(1, Math.sqrt((-Math.log((1 - confidence) / 2) / 2) * inverse)),
  };
}

/** Values in ascending order, and the share of all weight up to and with each. */
interface Distribution {
  readonly values: Float64Array;
  readonly shares: Float64Array;
}

function distributionOf(values: Float64Array, weights?: Float64Array): Distribution {
  const order = Uint32Array.from(values.keys()).toSorted((a, b) => values[a]! - values[b]!);
  let sum = 0;
  const shares = Float64Array.from(order, (row) => (sum += weights?.[row] ?? 1));
  return {
    values: Float64Array.from(order, (row) => values[row]!),
    shares: shares.map((share) => share / sum),
  };
}

/** Rows of equal weight that say as much, as a share of the rows. */
function kishShare(weights: Float64Array): number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const squares = weights.reduce((total, weight) => total + weight ** 2, 0);
  return sum ** 2 / squares / weights.length;
}

function psiOf(reference: Distribution, now: Distribution): number {
  const edges = Array.from({ length: BINS - 1 }, (_, index) => {
    const least = (index + 1) / BINS;
    return reference.values[reference.shares.findIndex((share) => share > least)] ?? reference.values.at(-1)!;
  });
  const [expected, actual] = [sharesOf(reference, edges), sharesOf(now, edges)];
  return expected.reduce((sum, share, bin) => {
    const [before, after] = [Math.max(SHARE_MIN, share), Math.max(SHARE_MIN, actual[bin]!)];
    return sum + (after - before) * Math.log(after / before);
  }, 0);
}

/** Share of the weight below the first edge, between each two, and from the last one on. */
function sharesOf(distribution: Distribution, edges: readonly number[]): number[] {
  const below = [0, ...edges.map((edge) => shareBelow(distribution, edge)), 1];
  return below.slice(1).map((share, bin) => share - below[bin]!);
}

function shareBelow({ values, shares }: Distribution, edge: number): number {
  const count = lowerBound(values, edge, (value) => value);
  return count === 0 ? 0 : shares[count - 1]!;
}

function ksOf(left: Distribution, right: Distribution): number {
  let [i, j, most] = [0, 0, 0];
  while (i < left.values.length && j < right.values.length) {
    const value = Math.min(left.values[i]!, right.values[j]!);
    while (i < left.values.length && left.values[i] === value) i++;
    while (j < right.values.length && right.values[j] === value) j++;
    most = Math.max(most, Math.abs((left.shares[i - 1] ?? 0) - (right.shares[j - 1] ?? 0)));
  }
  return most;
}
