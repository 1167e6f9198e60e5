import { choleskyPacked, invertLowerPacked, packedSize } from '../cholesky.ts';
import type { CategoricalHmm } from '../families/categorical-hmm.ts';
import { familyOf } from '../families/family-of.ts';
import { layoutOfCovariance } from '../gaussian-hmm.ts';
import { HmmError } from '../hmm-error.ts';
import type { Hmm } from '../hmm.ts';
import { rescale } from '../state-moments.ts';

/**
 * How far apart the emissions of the states of two models are, row-major states of `a` × states of `b`: the symmetric
 * Kullback–Leibler divergence in nats, KL(p‖q) + KL(q‖p) (Jeffreys 1946; Kullback and Leibler 1951). It is the same in
 * any units of the data; zero for equal emissions, the square of the shift in deviations where only a mean moved,
 * (r² + 1/r²)/2 − 1 where only a deviation changed, by the ratio r. Features add up. Student-t and mixtures count as the
 * Gaussian with their mean and their variances. Infinity where symbols of one state are impossible in the other.
 * @throws HmmError `bad_shape` where the models do not describe the same rows.
 */
export function emissionDistances(a: Hmm, b: Hmm): Float64Array {
  checkAlike(a, b);
  if (a.family === 'categorical' && b.family === 'categorical') return symbolDistances(a, b);
  const ours = gaussiansOf(a);
  const theirs = gaussiansOf(rescale(b, a.scaling));
  return Float64Array.from({ length: a.states * b.states }, (_, index) =>
    gaussianDistance(ours[Math.floor(index / b.states)]!, theirs[index % b.states]!),
  );
}

function checkAlike(a: Hmm, b: Hmm): void {
  if (a.dimensions !== b.dimensions)
    throw new HmmError('bad_shape', `dimensions must be ${a.dimensions}, not ${b.dimensions}`);
  if (symbolsOf(a) !== symbolsOf(b))
    throw new HmmError('bad_shape', `symbols must be ${symbolsOf(a)}, not ${symbolsOf(b)}`);
}

function symbolsOf(model: Hmm): string {
  return model.family === 'categorical' ? model.symbols.join(', ') : 'none';
}

interface Gaussian {
  readonly mean: Float64Array;
  /** Packed lower triangle. */
  readonly covariance: Float64Array;
  /** Inverse of its Cholesky factor, packed. */
  readonly whitening: Float64Array;
}

function gaussiansOf(model: Hmm): Gaussian[] {
  const { states, dimensions } = model;
  const { means, variances } = familyOf(model.family).moments(model);
  const size = packedSize(dimensions);
  return Array.from({ length: states }, (_, state) => {
    const covariance = new Float64Array(size);
    if (model.family === 'gaussian' && layoutOfCovariance(model.covariance) === 'full')
      covariance.set(model.covariances.subarray(state * size, (state + 1) * size));
    else
      for (let d = 0; d < dimensions; d++)
        covariance[packedSize(d + 1) - 1] = variances[state * dimensions + d]!;
    const factor = choleskyPacked(covariance, dimensions, 0);
    if (!factor) throw new HmmError('bad_model', `covariance of state ${state} must be positive definite`);
    const mean = means.subarray(state * dimensions, (state + 1) * dimensions);
    return { mean, covariance, whitening: invertLowerPacked(factor, dimensions) };
  });
}

/** The logarithms of the determinants cancel; rounding never takes the rest below zero. */
function gaussianDistance(p: Gaussian, q: Gaussian): number {
  const shift = p.mean.map((mean, d) => mean - q.mean[d]!);
  const spread = expectedSquare(p, q.covariance) + expectedSquare(q, p.covariance) - 2 * shift.length;
  return Math.max(0, 0.5 * (spread + squareOf(p, shift) + squareOf(q, shift)));
}

/** Mean of |whitening × x|² for x of mean zero and the covariance: the trace of precision × covariance. */
function expectedSquare({ whitening, mean }: Gaussian, covariance: Float64Array): number {
  const dimensions = mean.length;
  const at = (a: number, b: number) => covariance[a >= b ? packedSize(a) + b : packedSize(b) + a]!;
  let total = 0;
  for (let row = 0; row < dimensions; row++)
    for (let a = 0; a <= row; a++)
      for (let b = 0; b <= row; b++)
        total += whitening[packedSize(row) + a]! * at(a, b) * whitening[packedSize(row) + b]!;
  return total;
}

function squareOf({ whitening }: Gaussian, vector: Float64Array): number {
  let total = 0;
  for (let row = 0; row < vector.length; row++) {
    let whitened = 0;
    for (let a = 0; a <= row; a++) whitened += whitening[packedSize(row) + a]! * vector[a]!;
    total += whitened * whitened;
  }
  return total;
}

function symbolDistances(a: CategoricalHmm, b: CategoricalHmm): Float64Array {
  const width = a.probabilities.length / a.states;
  return Float64Array.from({ length: a.states * b.states }, (_, index) => {
    const ours = Math.floor(index / b.states) * width;
    const theirs = (index % b.states) * width;
    let distance = 0;
    for (let symbol = 0; symbol < width; symbol++) {
      const p = a.probabilities[ours + symbol]!;
      const q = b.probabilities[theirs + symbol]!;
      if (p !== q) distance += (p - q) * (Math.log(p) - Math.log(q));
    }
    return distance;
  });
}
