import { choleskyPacked, packedSize } from '../cholesky.ts';
import { checkNumbers } from '../check-numbers.ts';
import { emissionsOf, logDensityBlock } from '../emissions.ts';
import { covarianceSize, layoutOfCovariance, type GaussianHmm, type GaussianSize } from '../gaussian-hmm.ts';
import { HmmError } from '../hmm-error.ts';
import type { Random } from '../random.ts';
import type { Scaling } from '../scaling.ts';
import { accumulateBlock } from '../statistics.ts';
import { normal } from './draw.ts';
import type { EmissionFamily, Moments } from './emission-family.ts';
import { maximiseGaussian } from './gaussian-maximisation.ts';
import { incompleteDiagonal } from './incomplete-diagonal.ts';
import { incompleteFull } from './incomplete-full.ts';
import { moveMeans, relativeScales, scaleRatios } from './units.ts';

/** Relative difference that rounding makes between numbers that a covariance has to have alike. */
const ALIKE_TOLERANCE = 1e-9;

export const gaussianFamily: EmissionFamily<GaussianHmm, GaussianSize> = {
  scaled: true,
  sizeOf: ({ family, covariance, states, dimensions }) => ({ family, covariance, states, dimensions }),
  freeParameters,
  statisticWidths: ({ covariance, dimensions }) => ({
    weights: 0,
    sums: dimensions,
    products: covarianceSize(covariance, dimensions),
  }),
  check,
  checkValues: () => undefined,
  pooled: (size, chain) => ({
    ...size,
    ...chain,
    means: new Float64Array(size.states * size.dimensions),
    covariances: unitCovariances(size, chain.scaling),
  }),
  prepare(model, missing) {
    if (missing)
      return layoutOfCovariance(model.covariance) === 'diagonal'
        ? incompleteDiagonal(model)
        : incompleteFull(model);
    const emissions = emissionsOf(model);
    return {
      logDensities: (values, logDensities, block) => logDensityBlock(emissions, values, logDensities, block),
      accumulate: accumulateBlock,
    };
  },
  maximise: maximiseGaussian,
  rescale,
  mapStates: (model, change) => ({
    ...model,
    means: change(model.means),
    covariances: change(model.covariances),
  }),
  moments,
  sample,
};

function freeParameters({ covariance, states, dimensions }: GaussianSize): number {
  const counts = {
    spherical: states,
    diagonal: states * dimensions,
    tied: packedSize(dimensions),
    full: states * packedSize(dimensions),
  };
  return states * dimensions + counts[covariance];
}

function check(model: GaussianHmm): void {
  const { states, dimensions, covariance, covariances } = model;
  const size = covarianceSize(covariance, dimensions);
  const scales = relativeScales(model.scaling);
  checkNumbers(model.means, states * dimensions, 'means');
  checkNumbers(covariances, states * size, 'covariances');
  for (let state = 0; state < states; state++) {
    const own = covariances.subarray(state * size, (state + 1) * size);
    const positive =
      layoutOfCovariance(covariance) === 'diagonal'
        ? own.every((variance) => variance > 0)
        : choleskyPacked(own, dimensions, 0) !== undefined;
    if (!positive) throw new HmmError('bad_model', `covariance of state ${state} must be positive definite`);
    const alike = (value: number, other: number) =>
      Math.abs(value - other) <= ALIKE_TOLERANCE * Math.max(Math.abs(value), Math.abs(other));
    if (covariance === 'tied' && !own.every((value, index) => alike(value, covariances[index]!)))
      throw new HmmError('bad_model', `tied covariance of state ${state} must be that of state 0`);
    const square = (d: number) => own[d]! * scales[d]! ** 2;
    if (covariance === 'spherical' && !own.every((_, d) => alike(square(d), square(0))))
      throw new HmmError('bad_model', `spherical covariance of state ${state} must be one variance`);
  }
}

/** The pooled rows have variance one in each standardised feature; of a sphere, that is so on average. */
function unitCovariances({ covariance, states, dimensions }: GaussianSize, scaling: Scaling): Float64Array {
  const own = new Float64Array(covarianceSize(covariance, dimensions));
  const scales = relativeScales(scaling);
  const pooled = scales.reduce((sum, scale) => sum + scale * scale, 0) / dimensions;
  for (let d = 0; d < dimensions; d++) {
    if (covariance === 'spherical') own[d] = pooled / scales[d]! ** 2;
    else own[varianceAt(covariance, d)] = 1;
  }
  return Float64Array.from({ length: states * own.length }, (_, index) => own[index % own.length]!);
}

/** Where the variance of a feature lies in a covariance. */
function varianceAt(covariance: GaussianHmm['covariance'], d: number): number {
  return layoutOfCovariance(covariance) === 'diagonal' ? d : packedSize(d + 1) - 1;
}

function rescale(model: GaussianHmm, scaling: Scaling): GaussianHmm {
  const ratios = scaleRatios(model.scaling, scaling);
  const factors: number[] = [];
  for (let a = 0; a < ratios.length; a++) {
    const first = layoutOfCovariance(model.covariance) === 'diagonal' ? a : 0;
    for (let b = first; b <= a; b++) factors.push(ratios[a]! * ratios[b]!);
  }
  return {
    ...model,
    scaling,
    means: moveMeans(model.means, model.scaling, scaling),
    covariances: model.covariances.map((value, index) => value * factors[index % factors.length]!),
  };
}

function moments({ covariance, states, dimensions, means, covariances }: GaussianHmm): Moments {
  const size = covarianceSize(covariance, dimensions);
  const variances = Float64Array.from(
    { length: states * dimensions },
    (_, index) =>
      covariances[Math.floor(index / dimensions) * size + varianceAt(covariance, index % dimensions)]!,
  );
  return { means, variances };
}

function sample(model: GaussianHmm, state: number, random: Random, row: Float64Array): void {
  const { covariance, dimensions } = model;
  const size = covarianceSize(covariance, dimensions);
  const own = model.covariances.subarray(state * size, (state + 1) * size);
  const draws = Float64Array.from(row, () => normal(random));
  const factor =
    layoutOfCovariance(covariance) === 'full' ? choleskyPacked(own, dimensions, 0) : own.map(Math.sqrt);
  if (!factor) throw new HmmError('bad_model', `covariance of state ${state} must be positive definite`);
  for (let a = 0; a < dimensions; a++) {
    let value = model.means[state * dimensions + a]!;
    if (factor.length === dimensions) value += factor[a]! * draws[a]!;
    else for (let b = 0; b <= a; b++) value += factor[packedSize(a) + b]! * draws[b]!;
    row[a] = value;
  }
}
