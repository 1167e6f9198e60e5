/** Index of the last bar that had closed, as the given test tells by its open; -1 where none had. Opens are ascending. */
export function newestClosed(openMs: readonly number[], hasClosed: (openMs: number) => boolean): number {
  let low = 0;
  let high = openMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (hasClosed(openMs[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
