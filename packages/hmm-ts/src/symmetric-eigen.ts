import { packedSize } from './cholesky.ts';

const SWEEPS_MAX = 50;

/** Eigenvalues, and the vectors that belong to them as the columns of a row-major matrix. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** Eigenvalues and vectors of a packed symmetric matrix by Jacobi's rotations (Golub and Van Loan 2013, section 8.5). */
export function symmetricEigen(packed: Float64Array, dimensions: number): SymmetricEigen {
  const matrix = new Float64Array(dimensions * dimensions);
  const vectors = new Float64Array(dimensions * dimensions);
  for (let a = 0; a < dimensions; a++) {
    vectors[a * dimensions + a] = 1;
    for (let b = 0; b <= a; b++)
      matrix[a * dimensions + b] = matrix[b * dimensions + a] = packed[packedSize(a) + b]!;
  }
  // Convergence is quadratic: ten sweeps are many. A pair that no longer changes the diagonal is done.
  for (let sweep = 0, turned = true; turned && sweep < SWEEPS_MAX; sweep++) {
    turned = false;
    for (let a = 0; a < dimensions; a++)
      for (let b = a + 1; b < dimensions; b++) if (rotate(matrix, vectors, [a, b], dimensions)) turned = true;
  }
  return {
    values: Float64Array.from({ length: dimensions }, (_, d) => matrix[d * dimensions + d]!),
    vectors,
  };
}

/** Turns the plane of two axes so that their entry becomes zero; false where it already is, to rounding. */
function rotate(
  matrix: Float64Array,
  vectors: Float64Array,
  [a, b]: readonly [number, number],
  dimensions: number,
): boolean {
  const entry = matrix[a * dimensions + b]!;
  const [first, second] = [matrix[a * dimensions + a]!, matrix[b * dimensions + b]!];
  if (!(Math.abs(entry) > Number.EPSILON * Math.sqrt(Math.abs(first * second)))) return false;
  const theta = (second - first) / (2 * entry);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  const turn = (values: Float64Array, x: number, y: number) => {
    const [own, other] = [values[x]!, values[y]!];
    values[x] = cosine * own - sine * other;
    values[y] = sine * own + cosine * other;
  };
  for (let c = 0; c < dimensions; c++) turn(matrix, c * dimensions + a, c * dimensions + b);
  for (let c = 0; c < dimensions; c++) turn(matrix, a * dimensions + c, b * dimensions + c);
  for (let c = 0; c < dimensions; c++) turn(vectors, c * dimensions + a, c * dimensions + b);
  return true;
}
