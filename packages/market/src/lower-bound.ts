/** Index of the first element of an ascending list whose key is at least `target`; the list's length where none is. */
export function lowerBound<T>(sorted: ArrayLike<T>, target: number, keyOf: (element: T) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keyOf(sorted[middle]!) < target) low = middle + 1;
    else high = middle;
  }
  return low;
}
