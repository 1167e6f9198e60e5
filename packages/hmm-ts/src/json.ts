import type { CategoricalHmm } from './families/categorical-hmm.ts';
import type { MixtureHmm } from './families/mixture-hmm.ts';
import type { StudentTHmm } from './families/student-t-hmm.ts';
import type { Covariance, GaussianHmm } from './gaussian-hmm.ts';
import type { Hmm } from './hmm.ts';
import {
  countsOf,
  covarianceOf,
  fieldsOf,
  numberOf,
  numbersOf,
  plain,
  unknownFormat,
  type Fields,
} from './json-fields.ts';
import { checkModel } from './model-check.ts';

/** What every family writes. */
interface HmmJsonBase {
  readonly states: number;
  readonly dimensions: number;
  readonly scaling: { readonly offsets: number[]; readonly scales: number[] };
  readonly start: number[];
  readonly transition: number[];
}

/** A model as plain JSON; numbers come back bit for bit. */
export interface GaussianHmmJson extends HmmJsonBase {
  readonly format: 'gaussian_hmm/1';
  readonly covariance: Covariance;
  readonly means: number[];
  readonly covariances: number[];
}

export interface StudentTHmmJson extends HmmJsonBase {
  readonly format: 'student_t_hmm/1';
  readonly means: number[];
  readonly dispersions: number[];
  readonly freedoms: number[];
}

export interface CategoricalHmmJson extends HmmJsonBase {
  readonly format: 'categorical_hmm/1';
  readonly symbols: number[];
  readonly probabilities: number[];
}

export interface MixtureHmmJson extends HmmJsonBase {
  readonly format: 'mixture_hmm/1';
  readonly components: number;
  readonly shares: number[];
  readonly means: number[];
  readonly variances: number[];
}

export type HmmJson = GaussianHmmJson | StudentTHmmJson | CategoricalHmmJson | MixtureHmmJson;

export function modelToJson(model: GaussianHmm): GaussianHmmJson;
export function modelToJson(model: Hmm): HmmJson;
export function modelToJson(model: Hmm): HmmJson {
  const base = baseToJson(model);
  if (model.family === 'gaussian') {
    const { covariance, means, covariances } = model;
    return {
      format: 'gaussian_hmm/1',
      covariance,
      ...base,
      means: plain(means),
      covariances: plain(covariances),
    };
  }
  if (model.family === 'student_t') {
    const { means, dispersions, freedoms } = model;
    return {
      format: 'student_t_hmm/1',
      ...base,
      means: plain(means),
      dispersions: plain(dispersions),
      freedoms: plain(freedoms),
    };
  }
  if (model.family === 'categorical') {
    const { symbols, probabilities } = model;
    return {
      format: 'categorical_hmm/1',
      symbols: [...symbols],
      ...base,
      probabilities: plain(probabilities),
    };
  }
  const { components, shares, means, variances } = model;
  return {
    format: 'mixture_hmm/1',
    components,
    ...base,
    shares: plain(shares),
    means: plain(means),
    variances: plain(variances),
  };
}

function baseToJson(model: Hmm): HmmJsonBase {
  return {
    states: model.states,
    dimensions: model.dimensions,
    scaling: { offsets: plain(model.scaling.offsets), scales: plain(model.scaling.scales) },
    start: plain(model.start),
    transition: plain(model.transition),
  };
}

/** @throws HmmError `bad_model`, naming the field, for anything that is not a whole, sound model. */
export function modelFromJson(json: unknown): Hmm {
  const model = modelOf(fieldsOf(json, 'model'));
  checkModel(model);
  return model;
}

function modelOf(fields: Fields): Hmm {
  switch (fields['format']) {
    case 'gaussian_hmm/1':
      return gaussianOf(fields);
    case 'student_t_hmm/1':
      return studentTOf(fields);
    case 'categorical_hmm/1':
      return categoricalOf(fields);
    case 'mixture_hmm/1':
      return mixtureOf(fields);
    default:
      throw unknownFormat(['gaussian_hmm/1', 'student_t_hmm/1', 'categorical_hmm/1', 'mixture_hmm/1']);
  }
}

function gaussianOf(fields: Fields): GaussianHmm {
  return {
    family: 'gaussian',
    covariance: covarianceOf(fields['covariance']),
    ...baseOf(fields),
    means: numbersOf(fields['means'], 'means'),
    covariances: numbersOf(fields['covariances'], 'covariances'),
  };
}

function studentTOf(fields: Fields): StudentTHmm {
  return {
    family: 'student_t',
    ...baseOf(fields),
    means: numbersOf(fields['means'], 'means'),
    dispersions: numbersOf(fields['dispersions'], 'dispersions'),
    freedoms: numbersOf(fields['freedoms'], 'freedoms'),
  };
}

function categoricalOf(fields: Fields): CategoricalHmm {
  return {
    family: 'categorical',
    symbols: countsOf(fields['symbols'], 'symbols'),
    ...baseOf(fields),
    probabilities: numbersOf(fields['probabilities'], 'probabilities'),
  };
}

function mixtureOf(fields: Fields): MixtureHmm {
  return {
    family: 'mixture',
    components: numberOf(fields['components'], 'components'),
    ...baseOf(fields),
    shares: numbersOf(fields['shares'], 'shares'),
    means: numbersOf(fields['means'], 'means'),
    variances: numbersOf(fields['variances'], 'variances'),
  };
}

function baseOf(fields: Fields) {
  const scaling = fieldsOf(fields['scaling'], 'scaling');
  return {
    states: numberOf(fields['states'], 'states'),
    dimensions: numberOf(fields['dimensions'], 'dimensions'),
    scaling: {
      offsets: numbersOf(scaling['offsets'], 'scaling offsets'),
      scales: numbersOf(scaling['scales'], 'scaling scales'),
    },
    start: numbersOf(fields['start'], 'start'),
    transition: numbersOf(fields['transition'], 'transition'),
  };
}
