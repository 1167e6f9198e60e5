import { assertPeriod } from './windows.ts';

/**
 * Recursive average: the mean of the first `period` values from index `start`, then `previous + weight * (value - previous)`.
 * First value at index `start + period - 1`.
 */
function seeded(
  values: ArrayLike<number>,
  terms: { period: number; weight: number; start: number },
): Float64Array {
  assertPeriod(terms.period);
  const { period, weight, start } = terms;
  const out = new Float64Array(values.length).fill(Number.NaN);
  const seedIndex = start + period - 1;
  let average = 0;
  for (let i = start; i < values.length; i++) {
    const value = values[i]!;
    average = i <= seedIndex ? average + value / period : average + weight * (value - average);
    if (i >= seedIndex) out[i] = average;
  }
  return out;
}

/** Exponential moving average with weight 2 / (period + 1), seeded by the simple average of the first `period` values. */
export function ema(values: ArrayLike<number>, period: number): Float64Array {
  return seeded(values, { period, weight: 2 / (period + 1), start: 0 });
}

/** Wilder's average (New Concepts in Technical Trading Systems, 1978): weight 1 / period; starts at index `start`. */
export function wilder(values: ArrayLike<number>, period: number, start = 0): Float64Array {
  return seeded(values, { period, weight: 1 / period, start });
}
