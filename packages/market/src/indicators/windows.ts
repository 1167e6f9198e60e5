/**
 * Rolling windows over the last `period` values, the newest included. Each window is summed on its own and not carried
 * along: no drift, no cancellation, and the same bits whether the series starts here or a year earlier.
 */

/** @throws RangeError unless the period is a whole number of at least `least`. */
export function assertPeriod(period: number, least = 1): void {
  if (!Number.isInteger(period) || period < least) {
    throw new RangeError(`period must be a whole number of at least ${least}, got ${period}`);
  }
}

/** Applies `statistic(from, to)` to each full window of indices [from, to); NaN before the first one. */
export function rolling(
  length: number,
  period: number,
  statistic: (from: number, to: number) => number,
): Float64Array {
  assertPeriod(period);
  const out = new Float64Array(length).fill(Number.NaN);
  for (let to = period; to <= length; to++) out[to - 1] = statistic(to - period, to);
  return out;
}

/** The mean of [from, to), taken from the first value on, so that the mean of equal values is exactly that value. */
export function meanOf(values: ArrayLike<number>, from: number, to: number): number {
  const first = values[from]!;
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i]! - first;
  return first + sum / (to - from);
}

/** Population standard deviation in two passes; exact where a sum of squares would cancel. */
function deviationOf(values: ArrayLike<number>, from: number, to: number): number {
  const mean = meanOf(values, from, to);
  let squares = 0;
  for (let i = from; i < to; i++) squares += (values[i]! - mean) ** 2;
  return Math.sqrt(squares / (to - from));
}

/** Simple moving average. First value at index `period - 1`. */
export function sma(values: ArrayLike<number>, period: number): Float64Array {
  return rolling(values.length, period, (from, to) => meanOf(values, from, to));
}

/** Rolling population standard deviation (divisor `period`). First value at index `period - 1`. */
export function stdev(values: ArrayLike<number>, period: number): Float64Array {
  return rolling(values.length, period, (from, to) => deviationOf(values, from, to));
}

/**
 * How many population standard deviations the newest value of the window [from, to) is from its mean; NaN where all values
 * are equal.
 */
export function zscoreOf(values: ArrayLike<number>, from: number, to: number): number {
  const deviation = deviationOf(values, from, to);
  return deviation > 0 ? (values[to - 1]! - meanOf(values, from, to)) / deviation : Number.NaN;
}

/** {@link zscoreOf} of each window. First value at index `period - 1`. */
export function zscore(values: ArrayLike<number>, period: number): Float64Array {
  return rolling(values.length, period, (from, to) => zscoreOf(values, from, to));
}
