import { binCount, type Binning } from './bins.ts';
import { HISTOGRAM_STRIDE, type Histogram } from './histogram.ts';
import type { BoostingOptions } from './options.ts';

/** Sums over the rows of a leaf. */
export interface Sums {
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
}

/** Between which values the leaf's own value must stay, for the constraints above it. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

export const FREE: Bounds = { low: -Infinity, high: Infinity };

export interface Split {
  readonly feature: number;
  /** The last bin that goes left. */
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly gain: number;
  readonly left: Sums;
  readonly right: Sums;
}

interface LeafView {
  readonly histogram: Histogram;
  readonly sums: Sums;
  readonly bounds: Bounds;
}

/** A leaf's value by one Newton step: -G / (H + lambda), inside its bounds. */
export function leafValue({ gradient, hessian }: Sums, lambda: number, { low, high }: Bounds): number {
  return Math.min(high, Math.max(low, -gradient / (hessian + lambda)));
}

/**
 * The split of a leaf that lowers the loss most by its second-order expansion (Chen and Guestrin 2016, equation 7); of equal
 * ones that of the first feature and the lowest bin. Undefined where none gains more than `gainMin`.
 */
export function bestSplit(
  leaf: LeafView,
  features: { readonly binnings: readonly Binning[]; readonly offsets: readonly number[] },
  options: BoostingOptions,
): Split | undefined {
  let best: Split | undefined;
  for (const [feature, binning] of features.binnings.entries()) {
    const found = bestOfFeature(leaf, { feature, binning, offset: features.offsets[feature]! }, options);
    if (found && found.gain > (best?.gain ?? options.gainMin)) best = found;
  }
  return best;
}

interface FeatureView {
  readonly feature: number;
  readonly binning: Binning;
  readonly offset: number;
}

function bestOfFeature(leaf: LeafView, view: FeatureView, options: BoostingOptions): Split | undefined {
  const { histogram, sums, bounds } = leaf;
  const { binning, offset } = view;
  const missing = binning.hasMissing ? sumsAt(histogram, offset + binCount(binning) - 1) : NOTHING;
  const whole = -score(sums.gradient, sums.hessian + options.lambda, leafValue(sums, options.lambda, bounds));
  const right = scan(leaf, { ...view, missing: NOTHING, whole }, options);
  if (missing.rows === 0) return right;
  const left = scan(leaf, { ...view, missing, whole }, options);
  return left && left.gain > (right?.gain ?? 0) ? { ...left, missingLeft: true } : right;
}

interface Scan extends FeatureView {
  /** What of the missing rows goes left; they go right where it is nothing. */
  readonly missing: Sums;
  /** What the leaf lowers the loss by as it is. */
  readonly whole: number;
}

/** Goes over the bins once, with sums in plain numbers: this is where training spends its time. */
function scan(
  { histogram, sums, bounds }: LeafView,
  { feature, binning, offset, missing, whole }: Scan,
  options: BoostingOptions,
): Split | undefined {
  const { lambda, leafRowsMin, leafHessianMin } = options;
  const { low, high } = bounds;
  const direction = options.monotone?.[feature] ?? 0;
  let { gradient, hessian, rows } = missing;
  let [bestGain, best] = [0, -1];
  let left: Sums = missing;
  for (let bin = 0; bin < binning.bounds.length; bin++) {
    const at = (offset + bin) * HISTOGRAM_STRIDE;
    gradient += histogram[at]!;
    hessian += histogram[at + 1]!;
    rows += histogram[at + 2]!;
    if (rows < leafRowsMin || hessian < leafHessianMin) continue;
    const hessianRight = sums.hessian - hessian;
    if (sums.rows - rows < leafRowsMin || hessianRight < leafHessianMin) break;
    const gradientRight = sums.gradient - gradient;
    const valueLeft = Math.min(high, Math.max(low, -gradient / (hessian + lambda)));
    const valueRight = Math.min(high, Math.max(low, -gradientRight / (hessianRight + lambda)));
    if (direction * (valueRight - valueLeft) < 0) continue;
    const gain =
      -score(gradient, hessian + lambda, valueLeft) -
      score(gradientRight, hessianRight + lambda, valueRight) -
      whole;
    if (gain <= bestGain) continue;
    [bestGain, best, left] = [gain, bin, { gradient, hessian, rows }];
  }
  if (best < 0) return undefined;
  return { feature, bin: best, missingLeft: false, gain: bestGain, left, right: minus(sums, left) };
}

/** Twice the loss that a leaf with this value adds. */
function score(gradient: number, curvature: number, value: number): number {
  return 2 * gradient * value + curvature * value * value;
}

const NOTHING: Sums = { gradient: 0, hessian: 0, rows: 0 };

function sumsAt(histogram: Histogram, bin: number): Sums {
  const at = bin * HISTOGRAM_STRIDE;
  return { gradient: histogram[at]!, hessian: histogram[at + 1]!, rows: histogram[at + 2]! };
}

const minus = (a: Sums, b: Sums): Sums => ({
  gradient: a.gradient - b.gradient,
  hessian: a.hessian - b.hessian,
  rows: a.rows - b.rows,
});
