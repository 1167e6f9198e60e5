import { checkModel, covarianceSize, type Covariance, type GaussianHmm } from './gaussian-hmm.ts';
import { HmmError } from './hmm-error.ts';
import type { SufficientStatistics } from './statistics.ts';

const MODEL_FORMAT = 'gaussian_hmm/1';
const STATISTICS_FORMAT = 'gaussian_hmm_statistics/1';

/** A model as plain JSON; numbers come back bit for bit. */
export interface GaussianHmmJson {
  readonly format: typeof MODEL_FORMAT;
  readonly covariance: Covariance;
  readonly states: number;
  readonly dimensions: number;
  readonly scaling: { readonly offsets: number[]; readonly scales: number[] };
  readonly start: number[];
  readonly transition: number[];
  readonly means: number[];
  readonly covariances: number[];
}

export function modelToJson(model: GaussianHmm): GaussianHmmJson {
  return {
    format: MODEL_FORMAT,
    covariance: model.covariance,
    states: model.states,
    dimensions: model.dimensions,
    scaling: { offsets: plain(model.scaling.offsets), scales: plain(model.scaling.scales) },
    start: plain(model.start),
    transition: plain(model.transition),
    means: plain(model.means),
    covariances: plain(model.covariances),
  };
}

/** @throws HmmError `bad_model`, naming the field, for anything that is not a whole, sound model. */
export function modelFromJson(json: unknown): GaussianHmm {
  const fields = fieldsOf(json, 'model');
  if (fields['format'] !== MODEL_FORMAT) throw bad('format', `"${MODEL_FORMAT}"`);
  const scaling = fieldsOf(fields['scaling'], 'scaling');
  const model: GaussianHmm = {
    covariance: covarianceOf(fields['covariance']),
    states: numberOf(fields['states'], 'states'),
    dimensions: numberOf(fields['dimensions'], 'dimensions'),
    scaling: {
      offsets: numbersOf(scaling['offsets'], 'scaling offsets'),
      scales: numbersOf(scaling['scales'], 'scaling scales'),
    },
    start: numbersOf(fields['start'], 'start'),
    transition: numbersOf(fields['transition'], 'transition'),
    means: numbersOf(fields['means'], 'means'),
    covariances: numbersOf(fields['covariances'], 'covariances'),
  };
  checkModel(model);
  return model;
}

/** Statistics as plain JSON; numbers come back bit for bit. */
export interface SufficientStatisticsJson {
  readonly format: typeof STATISTICS_FORMAT;
  readonly covariance: Covariance;
  readonly states: number;
  readonly dimensions: number;
  readonly rows: number;
  readonly start: number[];
  readonly transition: number[];
  readonly occupancy: number[];
  readonly sums: number[];
  readonly products: number[];
}

export function statisticsToJson(statistics: SufficientStatistics): SufficientStatisticsJson {
  return {
    format: STATISTICS_FORMAT,
    covariance: statistics.covariance,
    states: statistics.states,
    dimensions: statistics.dimensions,
    rows: statistics.rows,
    start: plain(statistics.start),
    transition: plain(statistics.transition),
    occupancy: plain(statistics.occupancy),
    sums: plain(statistics.sums),
    products: plain(statistics.products),
  };
}

/** @throws HmmError `bad_model`, naming the field. */
export function statisticsFromJson(json: unknown): SufficientStatistics {
  const fields = fieldsOf(json, 'statistics');
  if (fields['format'] !== STATISTICS_FORMAT) throw bad('format', `"${STATISTICS_FORMAT}"`);
  const covariance = covarianceOf(fields['covariance']);
  const states = numberOf(fields['states'], 'states');
  const dimensions = numberOf(fields['dimensions'], 'dimensions');
  const sized = (name: string, length: number) => {
    const values = numbersOf(fields[name], name);
    if (values.length !== length) throw bad(name, `${length} numbers`);
    return values;
  };
  return {
    covariance,
    states,
    dimensions,
    rows: numberOf(fields['rows'], 'rows'),
    start: sized('start', states),
    transition: sized('transition', states * states),
    occupancy: sized('occupancy', states),
    sums: sized('sums', states * dimensions),
    products: sized('products', states * covarianceSize(covariance, dimensions)),
  };
}

/** JSON has no negative zero, so a model has none either. */
function plain(values: Float64Array): number[] {
  return Array.from(values, (value) => value + 0);
}

function fieldsOf(json: unknown, name: string): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw bad(name, 'an object');
  return json as Record<string, unknown>;
}

function covarianceOf(value: unknown): Covariance {
  if (value === 'diagonal' || value === 'full') return value;
  throw bad('covariance', '"diagonal" or "full"');
}

function numberOf(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw bad(name, 'a finite number');
  return value;
}

function numbersOf(value: unknown, name: string): Float64Array {
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'number' && Number.isFinite(entry)))
    throw bad(name, 'an array of finite numbers');
  return Float64Array.from(value as number[]);
}

function bad(name: string, allowed: string): HmmError {
  return new HmmError('bad_model', `${name} must be ${allowed}`);
}
