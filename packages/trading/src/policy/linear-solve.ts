/** A lower triangular matrix L, row by row: row i has i + 1 values. */
export type LowerTriangle = readonly (readonly number[])[];

/**
 * L of A = L LT (Cholesky).
 * @param matrix symmetric, row-major; only its lower triangle is read.
 * @returns undefined unless the matrix is finite and positive definite.
 */
export function cholesky(matrix: readonly number[], dimensions: number): LowerTriangle | undefined {
  const rows: number[][] = [];
  for (let i = 0; i < dimensions; i++) {
    const row: number[] = [];
    for (let j = 0; j < i; j++) {
      const above = rows[j]!;
      row.push((matrix[i * dimensions + j]! - dot(row, above)) / above[j]!);
    }
    const pivot = matrix[i * dimensions + i]! - dot(row, row);
    if (!(pivot > 0 && Number.isFinite(pivot))) return undefined;
    row.push(Math.sqrt(pivot));
    rows.push(row);
  }
  return rows;
}

/** y of L y = b. */
export function forwardSolve(triangle: LowerTriangle, b: readonly number[]): number[] {
  const y: number[] = [];
  for (const [i, row] of triangle.entries()) y.push((b[i]! - dot(y, row)) / row[i]!);
  return y;
}

/** x of LT x = y. */
export function backwardSolve(triangle: LowerTriangle, y: readonly number[]): number[] {
  const x = [...y];
  for (const [i, row] of [...triangle.entries()].toReversed()) {
    x[i]! /= row[i]!;
    for (let j = 0; j < i; j++) x[j]! -= row[j]! * x[i]!;
  }
  return x;
}

/** Over the length of the first; the second may be longer. */
export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}
