import { wilder } from './smoothing.ts';

/** ln(value[t] / value[t-1]); NaN at index 0 and where a value is not above zero. */
export function logReturns(values: ArrayLike<number>): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  for (let i = 1; i < values.length; i++) out[i] = Math.log(values[i]! / values[i - 1]!);
  return out;
}

/** 100 where nothing fell, 50 where nothing moved. */
export function strengthOf(gain: number, loss: number): number {
  const total = gain + loss;
  return total === 0 ? 50 : (100 * gain) / total;
}

/** Relative strength index of Wilder (1978), 0 to 100, see {@link strengthOf}. First value at index `period`. */
export function rsi(values: ArrayLike<number>, period: number): Float64Array {
  const gains = new Float64Array(values.length);
  const losses = new Float64Array(values.length);
  for (let i = 1; i < values.length; i++) {
    const change = values[i]! - values[i - 1]!;
    gains[i] = Math.max(change, 0);
    losses[i] = Math.max(-change, 0);
  }
  const gain = wilder(gains, period, 1);
  const loss = wilder(losses, period, 1);
  return gain.map((up, i) => strengthOf(up, loss[i]!));
}
