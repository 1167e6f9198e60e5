import type { Covariance, GaussianHmm } from './gaussian-hmm.ts';
import { checkModel } from './model-check.ts';
import { identityScaling } from './scaling.ts';

/** Parameters in the units of the data, as plain numbers. */
export interface GaussianHmmParts {
  readonly start: readonly number[];
  readonly transition: readonly (readonly number[])[];
  readonly means: readonly (readonly number[])[];
  /** A state's variances (`spherical`: the one of all features), or its whole covariance matrix. */
  readonly covariances: readonly (readonly number[])[] | readonly (readonly (readonly number[])[])[];
}

/** A model from plain numbers. @throws HmmError `bad_model`. */
export function gaussianHmm(covariance: Covariance, parts: GaussianHmmParts): GaussianHmm {
  const dimensions = parts.means[0]?.length ?? 0;
  const covariances = parts.covariances.flatMap((own) =>
    (own as readonly (number | readonly number[])[]).flatMap((row, index) => {
      if (typeof row !== 'number') return row.slice(0, index + 1);
      return covariance === 'spherical' && own.length === 1 ? new Array<number>(dimensions).fill(row) : [row];
    }),
  );
  const model: GaussianHmm = {
    family: 'gaussian',
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
