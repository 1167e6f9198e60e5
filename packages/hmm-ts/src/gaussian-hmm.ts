import { HmmError } from './hmm-error.ts';
import { checkDistribution, type MarkovChain } from './markov-chain.ts';
import { choleskyPacked, packedSize } from './cholesky.ts';
import { identityScaling, type Scaling } from './scaling.ts';

export type Covariance = 'diagonal' | 'full';

/** A hidden Markov model with one Gaussian a state. Its numbers are in standardised units; see {@link Scaling}. */
export interface GaussianHmm extends MarkovChain {
  readonly covariance: Covariance;
  readonly dimensions: number;
  readonly scaling: Scaling;
  /** Row-major states × dimensions. */
  readonly means: Float64Array;
  /**
   * A state's covariance after another: the variances (`diagonal`, dimensions numbers), or the lower triangle row by
   * row (`full`, dimensions × (dimensions + 1) / 2 numbers).
   */
  readonly covariances: Float64Array;
}

/** Numbers that a state's covariance takes. */
export function covarianceSize(covariance: Covariance, dimensions: number): number {
  return covariance === 'diagonal' ? dimensions : packedSize(dimensions);
}

/** @throws HmmError `bad_model`, naming the field, unless the parts fit together and describe distributions. */
export function checkModel(model: GaussianHmm): void {
  const { states, dimensions, scaling, covariance } = model;
  checkCount(states, 'states');
  checkCount(dimensions, 'dimensions');
  checkNumbers(model.start, states, 'start');
  checkNumbers(model.transition, states * states, 'transition');
  checkNumbers(model.means, states * dimensions, 'means');
  checkNumbers(model.covariances, states * covarianceSize(covariance, dimensions), 'covariances');
  checkNumbers(scaling.offsets, dimensions, 'scaling offsets');
  checkNumbers(scaling.scales, dimensions, 'scaling scales');
  if (!scaling.scales.every((scale) => scale > 0))
    throw new HmmError('bad_model', 'scaling scales must be above zero');
  checkDistribution(model.start, 'start');
  for (let state = 0; state < states; state++) {
    checkDistribution(
      model.transition.subarray(state * states, (state + 1) * states),
      `transition row ${state}`,
    );
    if (!isPositiveDefinite(model, state))
      throw new HmmError('bad_model', `covariance of state ${state} must be positive definite`);
  }
}

function checkCount(count: number, name: string): void {
  if (!Number.isInteger(count) || count < 1)
    throw new HmmError('bad_model', `${name} must be a whole number from 1, not ${count}`);
}

function checkNumbers(values: Float64Array, length: number, name: string): void {
  if (values.length !== length)
    throw new HmmError('bad_model', `${name} must hold ${length} numbers, not ${values.length}`);
  if (!values.every(Number.isFinite)) throw new HmmError('bad_model', `${name} must be finite`);
}

function isPositiveDefinite(model: GaussianHmm, state: number): boolean {
  const size = covarianceSize(model.covariance, model.dimensions);
  const own = model.covariances.subarray(state * size, (state + 1) * size);
  if (model.covariance === 'diagonal') return own.every((variance) => variance > 0);
  return choleskyPacked(own, model.dimensions, 0) !== undefined;
}

/** Parameters in the units of the data, as plain numbers. */
export interface GaussianHmmParts {
  readonly start: readonly number[];
  readonly transition: readonly (readonly number[])[];
  readonly means: readonly (readonly number[])[];
  /** A state's variances, or its whole covariance matrix. */
  readonly covariances: readonly (readonly number[])[] | readonly (readonly (readonly number[])[])[];
}

/** A model from plain numbers. @throws HmmError `bad_model`. */
export function gaussianHmm(covariance: Covariance, parts: GaussianHmmParts): GaussianHmm {
  const dimensions = parts.means[0]?.length ?? 0;
  const covariances = parts.covariances.flatMap((own) =>
    (own as readonly (number | readonly number[])[]).flatMap((row, index) =>
      typeof row === 'number' ? [row] : row.slice(0, index + 1),
    ),
  );
  const model: GaussianHmm = {
    covariance,
    states: parts.start.length,
    dimensions,
    scaling: identityScaling(dimensions),
    start: Float64Array.from(parts.start),
    transition: Float64Array.from(parts.transition.flat()),
    means: Float64Array.from(parts.means.flat()),
    covariances: Float64Array.from(covariances),
  };
  checkModel(model);
  return model;
}

/** The same model in the units of another scaling. */
export function rescale(model: GaussianHmm, scaling: Scaling): GaussianHmm {
  const { dimensions } = model;
  const ratios = model.scaling.scales.map((scale, d) => scale / scaling.scales[d]!);
  const means = model.means.map((mean, index) => {
    const d = index % dimensions;
    const original = mean * model.scaling.scales[d]! + model.scaling.offsets[d]!;
    return (original - scaling.offsets[d]!) / scaling.scales[d]!;
  });
  const factors =
    model.covariance === 'diagonal' ? ratios.map((ratio) => ratio * ratio) : packedProducts(ratios);
  const covariances = model.covariances.map((value, index) => value * factors[index % factors.length]!);
  return { ...model, scaling, means, covariances };
}

function packedProducts(ratios: Float64Array): Float64Array {
  const products: number[] = [];
  for (let a = 0; a < ratios.length; a++) for (let b = 0; b <= a; b++) products.push(ratios[a]! * ratios[b]!);
  return Float64Array.from(products);
}

/** The states' means in the units of the data, row-major states × dimensions. */
export function stateMeans(model: GaussianHmm): Float64Array {
  const { dimensions, scaling } = model;
  return model.means.map(
    (mean, index) => mean * scaling.scales[index % dimensions]! + scaling.offsets[index % dimensions]!,
  );
}

/** The states' standard deviations in the units of the data, row-major states × dimensions. */
export function stateDeviations(model: GaussianHmm): Float64Array {
  const { dimensions, states, scaling } = model;
  const size = covarianceSize(model.covariance, dimensions);
  const deviations = new Float64Array(states * dimensions);
  for (let state = 0; state < states; state++)
    for (let d = 0; d < dimensions; d++) {
      const at = state * size + (model.covariance === 'diagonal' ? d : packedSize(d + 1) - 1);
      deviations[state * dimensions + d] = Math.sqrt(model.covariances[at]!) * scaling.scales[d]!;
    }
  return deviations;
}
