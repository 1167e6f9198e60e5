import { choleskyPacked, invertLowerPacked, packedSize } from './cholesky.ts';
import type { Block } from './forward.ts';
import { covarianceSize, layoutOfCovariance, type GaussianHmm } from './gaussian-hmm.ts';
import { HmmError } from './hmm-error.ts';

export const LOG_TWO_PI = Math.log(2 * Math.PI);

/** A model's Gaussians, ready for whole rows: log density = constant − |whitening × (x − mean)|² / 2. */
export interface GaussianEmissions {
  readonly diagonal: boolean;
  readonly dimensions: number;
  readonly constants: Float64Array;
  readonly means: Float64Array;
  /** Inverse deviations of a state after another, or inverse Cholesky factors, packed. */
  readonly whitening: Float64Array;
}

/** @throws HmmError `bad_model` where a covariance is not positive definite. */
export function emissionsOf(model: GaussianHmm): GaussianEmissions {
  const { states, dimensions, covariance } = model;
  const diagonal = layoutOfCovariance(covariance) === 'diagonal';
  const size = covarianceSize(covariance, dimensions);
  const constants = new Float64Array(states);
  const whitening = new Float64Array(states * size);
  for (let state = 0; state < states; state++) {
    const own = whiteningOf(model, state);
    whitening.set(own, state * size);
    let logDeterminant = 0;
    for (let d = 0; d < dimensions; d++)
      logDeterminant -= Math.log(own[diagonal ? d : packedSize(d + 1) - 1]!);
    constants[state] = -0.5 * dimensions * LOG_TWO_PI - logDeterminant;
  }
  return { diagonal, dimensions, constants, means: model.means, whitening };
}

function whiteningOf(model: GaussianHmm, state: number): Float64Array {
  const size = covarianceSize(model.covariance, model.dimensions);
  const own = model.covariances.subarray(state * size, (state + 1) * size);
  if (layoutOfCovariance(model.covariance) === 'diagonal')
    return own.map((variance) => 1 / Math.sqrt(variance));
  const factor = choleskyPacked(own, model.dimensions, 0);
  if (!factor) throw new HmmError('bad_model', `covariance of state ${state} must be positive definite`);
  return invertLowerPacked(factor, model.dimensions);
}

/** Writes the log densities of the block's rows of standardised values, row-major steps × states. */
export function logDensityBlock(
  emissions: GaussianEmissions,
  values: Float64Array,
  logDensities: Float64Array,
  block: Block,
): void {
  if (emissions.diagonal) diagonalBlock(emissions, values, logDensities, block);
  else fullBlock(emissions, values, logDensities, block);
}

function diagonalBlock(
  emissions: GaussianEmissions,
  values: Float64Array,
  logDensities: Float64Array,
  block: Block,
): void {
  const { constants, means, whitening, dimensions } = emissions;
  const states = constants.length;
  for (let step = block.from; step < block.to; step++) {
    const row = step * dimensions;
    for (let state = 0; state < states; state++) {
      const own = state * dimensions;
      let distance = 0;
      for (let d = 0; d < dimensions; d++) {
        const whitened = (values[row + d]! - means[own + d]!) * whitening[own + d]!;
        distance += whitened * whitened;
      }
      logDensities[step * states + state] = constants[state]! - 0.5 * distance;
    }
  }
}

function fullBlock(
  emissions: GaussianEmissions,
  values: Float64Array,
  logDensities: Float64Array,
  block: Block,
): void {
  const { constants, means, whitening, dimensions } = emissions;
  const states = constants.length;
  const centred = new Float64Array(dimensions);
  for (let step = block.from; step < block.to; step++) {
    const row = step * dimensions;
    let at = 0;
    for (let state = 0; state < states; state++) {
      for (let d = 0; d < dimensions; d++) centred[d] = values[row + d]! - means[state * dimensions + d]!;
      let distance = 0;
      for (let a = 0; a < dimensions; a++) {
        let whitened = 0;
        for (let b = 0; b <= a; b++) whitened += whitening[at++]! * centred[b]!;
        distance += whitened * whitened;
      }
      logDensities[step * states + state] = constants[state]! - 0.5 * distance;
    }
  }
}
