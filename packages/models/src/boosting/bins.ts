/** How one feature's values are put into bins. Values up to and with `bounds[b]` are in bin b; NaN has the last bin. */
export interface Binning {
  /** Upper bounds of the bins but the last, ascending. */
  readonly bounds: Float64Array;
  readonly hasMissing: boolean;
  readonly min: number;
  readonly max: number;
}

/** Fewer rows than that are put together with their neighbours. */
const BIN_ROWS_MIN = 3;

/** The number of bins, that of the missing values included. */
export function binCount({ bounds, hasMissing }: Binning): number {
  return bounds.length + 1 + Number(hasMissing);
}

/**
 * Bins of about equally many rows; a value never lies in two. Bounds are the middles between neighbouring values, so that a
 * value that was not seen goes with the nearer one.
 */
export function binningOf(values: Float64Array, binsMax: number): Binning {
  const present = values.filter((value) => !Number.isNaN(value)).toSorted();
  const hasMissing = present.length < values.length;
  const distinct: number[] = [];
  const counts: number[] = [];
  for (const value of present)
    if (distinct.at(-1) === value) counts[counts.length - 1] = counts.at(-1)! + 1;
    else {
      distinct.push(value);
      counts.push(1);
    }
  const bins = Math.max(1, binsMax - Number(hasMissing));
  const bounds = distinct.length <= bins ? everyValue(distinct, counts) : equalParts(distinct, counts, bins);
  return {
    bounds: Float64Array.from(bounds),
    hasMissing,
    min: present[0] ?? NaN,
    max: present.at(-1) ?? NaN,
  };
}

function everyValue(distinct: readonly number[], counts: readonly number[]): number[] {
  const bounds: number[] = [];
  let rows = 0;
  for (let index = 0; index + 1 < distinct.length; index++) {
    rows += counts[index]!;
    if (rows < BIN_ROWS_MIN) continue;
    bounds.push(between(distinct[index]!, distinct[index + 1]!));
    rows = 0;
  }
  return bounds;
}

/** A value with more rows than a bin should have gets one of its own; the others share what is left evenly. */
function equalParts(distinct: readonly number[], counts: readonly number[], bins: number): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const isBig = counts.map((count) => count >= total / bins);
  let rowsLeft = counts.reduce((sum, count, index) => sum + (isBig[index] ? 0 : count), 0);
  let binsLeft = bins - isBig.filter(Boolean).length;
  let share = rowsLeft / Math.max(1, binsLeft);
  const bounds: number[] = [];
  let rows = 0;
  for (let index = 0; index + 1 < distinct.length && bounds.length + 1 < bins; index++) {
    rows += counts[index]!;
    if (!isBig[index]) rowsLeft -= counts[index]!;
    const isFull = isBig[index] || rows >= share || (isBig[index + 1] && rows >= Math.max(1, share / 2));
    if (!isFull) continue;
    bounds.push(between(distinct[index]!, distinct[index + 1]!));
    rows = 0;
    if (isBig[index]) continue;
    binsLeft--;
    share = rowsLeft / Math.max(1, binsLeft);
  }
  return bounds;
}

function between(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  return middle < high ? middle : low;
}

/** The bin of each value. */
export function toBins(values: Float64Array, { bounds, hasMissing }: Binning): Uint8Array {
  const missing = bounds.length + Number(hasMissing);
  return Uint8Array.from(values, (value) => (Number.isNaN(value) ? missing : binOf(bounds, value)));
}

function binOf(bounds: Float64Array, value: number): number {
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= bounds[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}
