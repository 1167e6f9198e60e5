/** A square matrix by rows. */
export type Matrix = readonly Float64Array[];

/** A pivot this small beside the diagonal that it came from is rounding: the matrix does not have full rank. */
const RANK_TOLERANCE = 1e-13;

/** Lower triangle L with L Lᵀ = matrix (Golub & Van Loan 2013, 4.2); undefined unless the matrix is positive definite. */
export function factor(matrix: Matrix): Matrix | undefined {
  const lower = matrix.map((row) => new Float64Array(row.length));
  for (const [i, row] of matrix.entries())
    for (let j = 0; j <= i; j++) {
      let rest = row[j]!;
      for (let k = 0; k < j; k++) rest -= lower[i]![k]! * lower[j]![k]!;
      if (i === j && !(rest > RANK_TOLERANCE * row[i]! && Number.isFinite(rest))) return undefined;
      lower[i]![j] = i === j ? Math.sqrt(rest) : rest / lower[j]![j]!;
    }
  return lower;
}

/** Solves L Lᵀ x = right. */
export function solve(lower: Matrix, right: Float64Array): Float64Array {
  const x = right.slice();
  for (const [i, row] of lower.entries()) {
    for (let k = 0; k < i; k++) x[i] = x[i]! - row[k]! * x[k]!;
    x[i] = x[i]! / row[i]!;
  }
  for (let i = lower.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < lower.length; k++) x[i] = x[i]! - lower[k]![i]! * x[k]!;
    x[i] = x[i]! / lower[i]![i]!;
  }
  return x;
}

/** Inverse of L Lᵀ. */
export function inverse(lower: Matrix): Matrix {
  return lower.map((_, column) => {
    const unit = new Float64Array(lower.length);
    unit[column] = 1;
    return solve(lower, unit);
  });
}
