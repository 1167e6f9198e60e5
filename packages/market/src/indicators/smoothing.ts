import { assertPeriod } from './windows.ts';

/** Where a recursive average stands. Plain data: as JSON it can be kept and gone on from, bit for bit. */
export interface AverageState {
  /** Values seen so far. */
  seen: number;
  value: number;
}

export const averageStart = (): AverageState => ({ seen: 0, value: 0 });

/**
 * Takes one more value: the mean of the first `period` values, then `previous + weight * (value - previous)`. NaN until
 * there are `period` of them.
 */
export function stepAverage(state: AverageState, value: number, period: number, weight: number): number {
  state.seen += 1;
  state.value =
    state.seen <= period ? state.value + value / period : state.value + weight * (value - state.value);
  return state.seen >= period ? state.value : Number.NaN;
}

/** The weight of the newest value in {@link ema}. */
export const emaWeight = (period: number): number => 2 / (period + 1);

/** The weight of the newest value in {@link wilder}. */
export const wilderWeight = (period: number): number => 1 / period;

/** {@link stepAverage} over the values from index `start` on. First value at index `start + period - 1`. */
function seeded(
  values: ArrayLike<number>,
  terms: { period: number; weight: number; start: number },
): Float64Array {
  assertPeriod(terms.period);
  const { period, weight, start } = terms;
  const out = new Float64Array(values.length).fill(Number.NaN);
  const state = averageStart();
  for (let i = start; i < values.length; i++) out[i] = stepAverage(state, values[i]!, period, weight);
  return out;
}

/** Exponential moving average with weight 2 / (period + 1), seeded by the simple average of the first `period` values. */
export function ema(values: ArrayLike<number>, period: number): Float64Array {
  return seeded(values, { period, weight: emaWeight(period), start: 0 });
}

/** Wilder's average (New Concepts in Technical Trading Systems, 1978): weight 1 / period; starts at index `start`. */
export function wilder(values: ArrayLike<number>, period: number, start = 0): Float64Array {
  return seeded(values, { period, weight: wilderWeight(period), start });
}
