import type { GaussianHmm } from '@aistock/hmm-ts';

/**
 * Baum-Welch as Rabiner (1989, sections III and V.A) writes it, over flat typed arrays: densities, scaled forward and
 * backward passes and the sums of the M step, each in its own plain loops. The peer that a reader would write.
 * @returns the log-likelihood after the last iteration.
 */
export function textbookEm(start: GaussianHmm, values: Float64Array, iterations: number): number {
  const work = new Textbook(start, values);
  for (let iteration = 0; iteration < iterations; iteration++) {
    work.expectation();
    work.maximisation();
  }
  return work.expectation();
}

class Textbook {
  readonly #values: Float64Array;
  readonly #states: number;
  readonly #dimensions: number;
  readonly #rows: number;
  readonly #full: boolean;
  #pi: Float64Array;
  readonly #a: Float64Array;
  readonly #means: Float64Array;
  /** Whole matrices, row-major; of a diagonal covariance only the diagonal is used. */
  readonly #covariances: Float64Array;
  readonly #densities: Float64Array;
  readonly #alpha: Float64Array;
  readonly #beta: Float64Array;
  readonly #scales: Float64Array;

  constructor(start: GaussianHmm, values: Float64Array) {
    const { states: k, dimensions: d } = start;
    this.#values = values;
    this.#states = k;
    this.#dimensions = d;
    this.#rows = values.length / d;
    this.#full = start.covariance === 'full';
    this.#pi = start.start.slice();
    this.#a = start.transition.slice();
    this.#means = start.means.slice();
    this.#covariances = new Float64Array(k * d * d);
    const size = start.covariances.length / k;
    for (let i = 0; i < k; i++)
      for (let a = 0; a < d; a++)
        for (let b = 0; b <= a; b++) {
          const at = this.#full ? (a * (a + 1)) / 2 + b : a;
          const value = this.#full || a === b ? start.covariances[i * size + at]! : 0;
          this.#covariances[(i * d + a) * d + b] = value;
          this.#covariances[(i * d + b) * d + a] = value;
        }
    this.#densities = new Float64Array(this.#rows * k);
    this.#alpha = new Float64Array(this.#rows * k);
    this.#beta = new Float64Array(this.#rows * k);
    this.#scales = new Float64Array(this.#rows);
  }

  expectation(): number {
    for (let i = 0; i < this.#states; i++) this.#densitiesOf(i);
    const logLikelihood = this.#forward();
    this.#backward();
    return logLikelihood;
  }

  #densitiesOf(i: number): void {
    const [k, d] = [this.#states, this.#dimensions];
    const { inverse, determinant } = invert(this.#covariances.subarray(i * d * d, (i + 1) * d * d), d);
    const norm = 1 / Math.sqrt((2 * Math.PI) ** d * determinant);
    const centred = new Float64Array(d);
    for (let t = 0; t < this.#rows; t++) {
      for (let a = 0; a < d; a++) centred[a] = this.#values[t * d + a]! - this.#means[i * d + a]!;
      let distance = 0;
      for (let a = 0; a < d; a++)
        if (this.#full)
          for (let b = 0; b < d; b++) distance += centred[a]! * inverse[a * d + b]! * centred[b]!;
        else distance += centred[a]! * centred[a]! * inverse[a * d + a]!;
      this.#densities[t * k + i] = norm * Math.exp(-0.5 * distance);
    }
  }

  #forward(): number {
    const k = this.#states;
    let logLikelihood = 0;
    for (let t = 0; t < this.#rows; t++) {
      let scale = 0;
      for (let j = 0; j < k; j++) {
        let sum = 0;
        if (t === 0) sum = this.#pi[j]!;
        else for (let i = 0; i < k; i++) sum += this.#alpha[(t - 1) * k + i]! * this.#a[i * k + j]!;
        const value = sum * this.#densities[t * k + j]!;
        this.#alpha[t * k + j] = value;
        scale += value;
      }
      for (let j = 0; j < k; j++) this.#alpha[t * k + j] = this.#alpha[t * k + j]! / scale;
      this.#scales[t] = scale;
      logLikelihood += Math.log(scale);
    }
    return logLikelihood;
  }

  #backward(): void {
    const k = this.#states;
    const last = (this.#rows - 1) * k;
    for (let i = 0; i < k; i++) this.#beta[last + i] = 1;
    for (let t = this.#rows - 2; t >= 0; t--)
      for (let i = 0; i < k; i++) {
        let sum = 0;
        for (let j = 0; j < k; j++)
          sum += this.#a[i * k + j]! * this.#densities[(t + 1) * k + j]! * this.#beta[(t + 1) * k + j]!;
        this.#beta[t * k + i] = sum / this.#scales[t + 1]!;
      }
  }

  maximisation(): void {
    const [k, d] = [this.#states, this.#dimensions];
    const pairs = new Float64Array(k * k);
    const weights = new Float64Array(k);
    const sums = new Float64Array(k * d);
    const products = new Float64Array(k * d * d);
    for (let t = 0; t < this.#rows; t++)
      for (let i = 0; i < k; i++) {
        const gamma = this.#alpha[t * k + i]! * this.#beta[t * k + i]!;
        weights[i] = weights[i]! + gamma;
        for (let a = 0; a < d; a++) {
          const x = this.#values[t * d + a]!;
          sums[i * d + a] = sums[i * d + a]! + gamma * x;
          for (let b = this.#full ? 0 : a; b <= a; b++) {
            const at = (i * d + a) * d + b;
            products[at] = products[at]! + gamma * x * this.#values[t * d + b]!;
          }
        }
        if (t + 1 < this.#rows)
          for (let j = 0; j < k; j++) {
            const at = (t + 1) * k + j;
            const pair =
              (this.#alpha[t * k + i]! * this.#a[i * k + j]! * this.#densities[at]! * this.#beta[at]!) /
              this.#scales[t + 1]!;
            pairs[i * k + j] = pairs[i * k + j]! + pair;
          }
      }
    this.#pi = Float64Array.from({ length: k }, (_, i) => this.#alpha[i]! * this.#beta[i]!);
    for (let i = 0; i < k; i++) {
      const left = pairs.subarray(i * k, (i + 1) * k).reduce((sum, pair) => sum + pair, 0);
      for (let j = 0; j < k; j++) this.#a[i * k + j] = pairs[i * k + j]! / left;
      for (let a = 0; a < d; a++) this.#means[i * d + a] = sums[i * d + a]! / weights[i]!;
      for (let a = 0; a < d; a++)
        for (let b = this.#full ? 0 : a; b <= a; b++) {
          const at = (i * d + a) * d + b;
          const value = products[at]! / weights[i]! - this.#means[i * d + a]! * this.#means[i * d + b]!;
          this.#covariances[at] = value;
          this.#covariances[(i * d + b) * d + a] = value;
        }
    }
  }
}

/** Inverse and determinant by elimination; the matrix is positive definite. */
function invert(matrix: Float64Array, d: number): { inverse: Float64Array; determinant: number } {
  const left = matrix.slice();
  const inverse = new Float64Array(d * d);
  for (let a = 0; a < d; a++) inverse[a * d + a] = 1;
  let determinant = 1;
  for (let pivot = 0; pivot < d; pivot++) {
    const head = left[pivot * d + pivot]!;
    determinant *= head;
    for (let b = 0; b < d; b++) {
      left[pivot * d + b] = left[pivot * d + b]! / head;
      inverse[pivot * d + b] = inverse[pivot * d + b]! / head;
    }
    for (let row = 0; row < d; row++) {
      if (row === pivot) continue;
      const factor = left[row * d + pivot]!;
      for (let b = 0; b < d; b++) {
        left[row * d + b] = left[row * d + b]! - factor * left[pivot * d + b]!;
        inverse[row * d + b] = inverse[row * d + b]! - factor * inverse[pivot * d + b]!;
      }
    }
  }
  return { inverse, determinant };
}
