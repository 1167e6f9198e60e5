import { choleskyPacked, invertLowerPacked, packedSize } from '../cholesky.ts';
import { LOG_TWO_PI } from '../emissions.ts';
import { HmmError } from '../hmm-error.ts';

/** A Gaussian as some of its features see it, and what they tell of the others. */
export interface ConditionalGaussian {
  /** Indexes of the features that are there, and of those that are not. */
  readonly known: readonly number[];
  readonly unknown: readonly number[];
  readonly constant: number;
  /** Inverse Cholesky factor of the known features' covariance, packed. */
  readonly whitening: Float64Array;
  /** Row-major unknown × known: expected unknown = its mean + this × (known − its mean). */
  readonly regression: Float64Array;
  /** Row-major unknown × unknown: the covariance that is left. */
  readonly residual: Float64Array;
}

/** Conditions a covariance (packed) on the known features (Bishop 2006, equations 2.81, 2.82 and 2.98). */
export function conditionGaussian(
  covariance: Float64Array,
  known: readonly number[],
  unknown: readonly number[],
): ConditionalGaussian {
  const entry = (a: number, b: number) => covariance[packedSize(Math.max(a, b)) + Math.min(a, b)]!;
  const packed = Float64Array.from(
    known.flatMap((a, row) => known.slice(0, row + 1).map((b) => entry(a, b))),
  );
  const factor = choleskyPacked(packed, known.length, 0);
  if (!factor) throw new HmmError('bad_model', 'a covariance must be positive definite');
  const whitening = invertLowerPacked(factor, known.length);
  let constant = -0.5 * known.length * LOG_TWO_PI;
  for (let row = 0; row < known.length; row++) constant += Math.log(whitening[packedSize(row + 1) - 1]!);
  // Whitened covariance of each unknown feature with the known ones; the regression is that times the whitening.
  const whitened = unknown.map((a) =>
    whitenedBy(
      whitening,
      known.map((b) => entry(a, b)),
    ),
  );
  const regression = whitened.flatMap((row) =>
    known.map((_, b) => {
      let sum = 0;
      for (let c = b; c < known.length; c++) sum += row[c]! * whitening[packedSize(c) + b]!;
      return sum;
    }),
  );
  const residual = unknown.flatMap((a, row) =>
    unknown.map((b, column) => {
      const explained = whitened[row]!.reduce((sum, value, c) => sum + value * whitened[column]![c]!, 0);
      return entry(a, b) - explained;
    }),
  );
  return {
    known,
    unknown,
    constant,
    whitening,
    regression: Float64Array.from(regression),
    residual: Float64Array.from(residual),
  };
}

/** A packed lower triangular matrix times a vector. */
function whitenedBy(whitening: Float64Array, vector: readonly number[]): number[] {
  return vector.map((_, row) => {
    let sum = 0;
    for (let b = 0; b <= row; b++) sum += whitening[packedSize(row) + b]! * vector[b]!;
    return sum;
  });
}
