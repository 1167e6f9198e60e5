/** Rows of features, one a bar from `firstIndex` on. */
export interface Rows {
  /** Index of the bar that the first row belongs to. */
  readonly firstIndex: number;
  readonly dimensions: number;
  /** Row-major. */
  readonly values: Float64Array;
}

export interface LeakCheck {
  /** Values that were compared. */
  readonly compared: number;
  /** Of them, those that are others once later bars are taken away. */
  readonly differing: number;
}

/**
 * Computes features again from bars that are cut off, and compares every row that is there both times, bit for bit: a value
 * that changes when the future is taken away has seen it (the look-ahead analysis of freqtrade, on all rows).
 * @param cuts how many of the first bars are kept, each once.
 */
export function leakCheck<Bar>(
  bars: readonly Bar[],
  compute: (bars: readonly Bar[]) => Rows,
  cuts: readonly number[],
): LeakCheck {
  const whole = compute(bars);
  let [compared, differing] = [0, 0];
  for (const cut of cuts) {
    const { firstIndex, dimensions, values } = compute(bars.slice(0, cut));
    const shift = (firstIndex - whole.firstIndex) * dimensions;
    compared += values.length;
    differing += values.reduce(
      (sum, value, index) => sum + (Object.is(value, whole.values[index + shift]) ? 0 : 1),
      0,
    );
  }
  return { compared, differing };
}
