import type { CategoricalHmm } from './families/categorical-hmm.ts';
import type { MixtureHmm } from './families/mixture-hmm.ts';
import type { StudentTHmm } from './families/student-t-hmm.ts';
import type { Covariance, GaussianHmm } from './gaussian-hmm.ts';
import { HmmError } from './hmm-error.ts';
import { checkModel } from './model-check.ts';
import { identityScaling } from './scaling.ts';

/** The chain's parameters as plain numbers. */
export interface ChainParts {
  readonly start: readonly number[];
  readonly transition: readonly (readonly number[])[];
}

function chainOf({ start, transition }: ChainParts, dimensions: number) {
  return {
    states: start.length,
    dimensions,
    scaling: identityScaling(dimensions),
    start: Float64Array.from(start),
    transition: Float64Array.from(flattened(transition, start.length, 'transition')),
  };
}

/** The rows one after another. @throws HmmError `bad_model` unless all are of that length. */
function flattened(rows: readonly (readonly number[])[], length: number, name: string): number[] {
  if (rows.some((row) => row.length !== length))
    throw new HmmError('bad_model', `${name} must be rows of ${length} numbers`);
  return rows.flat();
}

/** Parameters in the units of the data, as plain numbers. */
export interface GaussianHmmParts extends ChainParts {
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
      return covariance === 'spherical' && own.length === 1
        ? Array.from({ length: dimensions }, () => row)
        : [row];
    }),
  );
  const model: GaussianHmm = {
    family: 'gaussian',
    covariance,
    ...chainOf(parts, dimensions),
    means: Float64Array.from(flattened(parts.means, dimensions, 'means')),
    covariances: Float64Array.from(covariances),
  };
  checkModel(model);
  return model;
}

/** Parameters in the units of the data, as plain numbers. */
export interface StudentTHmmParts extends ChainParts {
  readonly means: readonly (readonly number[])[];
  /** Of each state, the diagonal of its scale matrix: what its variances are times (freedom − 2) / freedom. */
  readonly dispersions: readonly (readonly number[])[];
  /** Degrees of freedom of each state, above two. */
  readonly freedoms: readonly number[];
}

/** A model from plain numbers. @throws HmmError `bad_model`. */
export function studentTHmm(parts: StudentTHmmParts): StudentTHmm {
  const dimensions = parts.means[0]?.length ?? 0;
  const model: StudentTHmm = {
    family: 'student_t',
    ...chainOf(parts, dimensions),
    means: Float64Array.from(flattened(parts.means, dimensions, 'means')),
    dispersions: Float64Array.from(flattened(parts.dispersions, dimensions, 'dispersions')),
    freedoms: Float64Array.from(parts.freedoms),
  };
  checkModel(model);
  return model;
}

export interface CategoricalHmmParts extends ChainParts {
  /** Of each state, of each feature, the probability of each symbol. */
  readonly probabilities: readonly (readonly (readonly number[])[])[];
}

/** A model from plain numbers. @throws HmmError `bad_model`. */
export function categoricalHmm(parts: CategoricalHmmParts): CategoricalHmm {
  const symbols = (parts.probabilities[0] ?? []).map((own) => own.length);
  if (parts.probabilities.some((state) => state.some((own, d) => own.length !== symbols[d])))
    throw new HmmError('bad_model', 'probabilities must be of the same symbols in every state');
  const model: CategoricalHmm = {
    family: 'categorical',
    symbols,
    ...chainOf(parts, symbols.length),
    probabilities: Float64Array.from(parts.probabilities.flat(2)),
  };
  checkModel(model);
  return model;
}

/** Parameters in the units of the data, as plain numbers. */
export interface MixtureHmmParts extends ChainParts {
  /** Of each state, the share of each of its components. */
  readonly shares: readonly (readonly number[])[];
  /** Of each state, of each component, of each feature. */
  readonly means: readonly (readonly (readonly number[])[])[];
  readonly variances: readonly (readonly (readonly number[])[])[];
}

/** A model from plain numbers. @throws HmmError `bad_model`. */
export function mixtureHmm(parts: MixtureHmmParts): MixtureHmm {
  const components = parts.shares[0]?.length ?? 0;
  const dimensions = parts.means[0]?.[0]?.length ?? 0;
  const model: MixtureHmm = {
    family: 'mixture',
    components,
    ...chainOf(parts, dimensions),
    shares: Float64Array.from(flattened(parts.shares, components, 'shares')),
    means: Float64Array.from(flattened(parts.means.flat(), dimensions, 'means')),
    variances: Float64Array.from(flattened(parts.variances.flat(), dimensions, 'variances')),
  };
  checkModel(model);
  return model;
}
