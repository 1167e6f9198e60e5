/** Numbers in the lower triangle of a square matrix; entry (a, b), b ≤ a, is at a (a + 1) / 2 + b. */
export function packedSize(dimensions: number): number {
  return (dimensions * (dimensions + 1)) / 2;
}

/**
 * Cholesky factor of a packed symmetric matrix.
 * @returns the packed lower factor, or undefined where a squared pivot is not above `pivotMin` (or is NaN).
 */
export function choleskyPacked(
  matrix: Float64Array,
  dimensions: number,
  pivotMin: number,
): Float64Array | undefined {
  const factor = new Float64Array(packedSize(dimensions));
  for (let a = 0; a < dimensions; a++) {
    const row = packedSize(a);
    for (let b = 0; b <= a; b++) {
      const other = packedSize(b);
      let rest = matrix[row + b]!;
      for (let c = 0; c < b; c++) rest -= factor[row + c]! * factor[other + c]!;
      if (a > b) factor[row + b] = rest / factor[other + b]!;
      else if (rest > pivotMin) factor[row + a] = Math.sqrt(rest);
      else return undefined;
    }
  }
  return factor;
}

/** Inverse of a packed lower triangular factor, packed the same way. */
export function invertLowerPacked(factor: Float64Array, dimensions: number): Float64Array {
  const inverse = new Float64Array(factor.length);
  for (let a = 0; a < dimensions; a++) {
    const row = packedSize(a);
    const diagonal = factor[row + a]!;
    inverse[row + a] = 1 / diagonal;
    for (let b = 0; b < a; b++) {
      let sum = 0;
      for (let c = b; c < a; c++) sum += factor[row + c]! * inverse[packedSize(c) + b]!;
      inverse[row + b] = -sum / diagonal;
    }
  }
  return inverse;
}
