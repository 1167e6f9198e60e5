/** Binned rows: every feature's bins side by side, so that one histogram holds them all. */
export interface BinnedRows {
  /** By feature, by row. */
  readonly bins: readonly Uint8Array[];
  /** Where a feature's bins begin in a histogram. */
  readonly offsets: readonly number[];
  /** Bins of all features. */
  readonly total: number;
}

/** Sums of a set of rows by bin: gradient, hessian and count, three numbers a bin. */
export type Histogram = Float64Array;

export const HISTOGRAM_STRIDE = 3;

/** Adds up the rows of a leaf. */
export function histogramOf(
  { bins, offsets, total }: BinnedRows,
  rows: Int32Array,
  gradients: Float64Array,
  hessians: Float64Array,
): Histogram {
  const sums = new Float64Array(total * HISTOGRAM_STRIDE);
  for (const [feature, own] of bins.entries()) {
    const offset = offsets[feature]!;
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index]!;
      const at = (offset + own[row]!) * HISTOGRAM_STRIDE;
      sums[at] = sums[at]! + gradients[row]!;
      sums[at + 1] = sums[at + 1]! + hessians[row]!;
      sums[at + 2] = sums[at + 2]! + 1;
    }
  }
  return sums;
}

/** What is left of a parent's histogram without one child: the other child's. */
export function without(parent: Histogram, child: Histogram): Histogram {
  return parent.map((sum, index) => sum - child[index]!);
}
