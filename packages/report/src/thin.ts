/** A series of values at times that ascend. */
export interface Series {
  readonly atMs: Float64Array;
  readonly values: Float64Array;
}

/**
 * What a series looks like at a width: of each column of pixels its first, lowest, highest and last value in the order of
 * time, so that no peak and no trough is lost and the size does not grow with the series.
 * @param columns more than zero.
 */
export function thin({ atMs, values }: Series, columns: number): Series {
  if (values.length <= 4 * columns) return { atMs, values };
  const [fromMs, toMs] = [atMs[0]!, atMs.at(-1)!];
  const columnOf = (index: number) =>
    Math.min(columns - 1, Math.floor(((atMs[index]! - fromMs) / (toMs - fromMs)) * columns));
  const kept: number[] = [];
  let first = 0;
  for (let index = 1; index <= values.length; index++) {
    if (index < values.length && columnOf(index) === columnOf(first)) continue;
    kept.push(...extremes(values, first, index));
    first = index;
  }
  return {
    atMs: Float64Array.from(kept, (index) => atMs[index]!),
    values: Float64Array.from(kept, (index) => values[index]!),
  };
}

/** Indices of the first, lowest, highest and last value from `first` up to and without `end`, ascending. */
function extremes(values: Float64Array, first: number, end: number): number[] {
  let [low, high] = [first, first];
  for (let index = first; index < end; index++) {
    if (values[index]! < values[low]!) low = index;
    if (values[index]! > values[high]!) high = index;
  }
  return [...new Set([first, Math.min(low, high), Math.max(low, high), end - 1])];
}
