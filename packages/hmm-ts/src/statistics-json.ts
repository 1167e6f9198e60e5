import { statisticLengths } from './empty-statistics.ts';
import type { Covariance } from './gaussian-hmm.ts';
import type { ModelSize } from './hmm.ts';
import {
  badField,
  countOf,
  countsOf,
  covarianceOf,
  fieldsOf,
  numberOf,
  numbersOf,
  plain,
  unknownFormat,
  type Fields,
} from './json-fields.ts';
import type { SufficientStatistics } from './statistics.ts';

const GAUSSIAN_FORMAT = 'gaussian_hmm_statistics/1';
const FORMAT = 'hmm_statistics/1';

/** Statistics as plain JSON; numbers come back bit for bit. */
export interface SufficientStatisticsJson {
  readonly format: typeof GAUSSIAN_FORMAT | typeof FORMAT;
  /** Left out of Gaussian statistics, as are the weights, which those have none of. */
  readonly family?: 'student_t' | 'categorical' | 'mixture';
  /** Of Gaussian statistics. */
  readonly covariance?: Covariance;
  /** Of categorical statistics. */
  readonly symbols?: readonly number[];
  /** Of mixture statistics. */
  readonly components?: number;
  readonly states: number;
  readonly dimensions: number;
  readonly rows: number;
  readonly start: number[];
  readonly transition: number[];
  readonly occupancy: number[];
  readonly weights?: number[];
  readonly sums: number[];
  readonly products: number[];
}

export function statisticsToJson(statistics: SufficientStatistics): SufficientStatisticsJson {
  const { size } = statistics;
  const numbers = {
    rows: statistics.rows,
    start: plain(statistics.start),
    transition: plain(statistics.transition),
    occupancy: plain(statistics.occupancy),
    sums: plain(statistics.sums),
    products: plain(statistics.products),
  };
  if (size.family !== 'gaussian')
    return { format: FORMAT, ...size, ...numbers, weights: plain(statistics.weights) };
  const { covariance, states, dimensions } = size;
  return { format: GAUSSIAN_FORMAT, covariance, states, dimensions, ...numbers };
}

/** @throws HmmError `bad_model`, naming the field. */
export function statisticsFromJson(json: unknown): SufficientStatistics {
  const fields = fieldsOf(json, 'statistics');
  const size = sizeOf(fields);
  const lengths = statisticLengths(size);
  const sized = (name: keyof typeof lengths) => {
    const values = numbersOf(fields[name], name);
    if (values.length !== lengths[name]) throw badField(name, `${lengths[name]} numbers`);
    return values;
  };
  return {
    size,
    rows: numberOf(fields['rows'], 'rows'),
    start: sized('start'),
    transition: sized('transition'),
    occupancy: sized('occupancy'),
    weights: size.family === 'gaussian' ? new Float64Array() : sized('weights'),
    sums: sized('sums'),
    products: sized('products'),
  };
}

function sizeOf(fields: Fields): ModelSize {
  const states = countOf(fields['states'], 'states');
  const dimensions = countOf(fields['dimensions'], 'dimensions');
  if (fields['format'] === GAUSSIAN_FORMAT)
    return { family: 'gaussian', covariance: covarianceOf(fields['covariance']), states, dimensions };
  if (fields['format'] !== FORMAT) throw unknownFormat([GAUSSIAN_FORMAT, FORMAT]);
  switch (fields['family']) {
    case 'student_t':
      return { family: 'student_t', states, dimensions };
    case 'categorical': {
      const symbols = countsOf(fields['symbols'], 'symbols');
      if (symbols.length !== dimensions) throw badField('symbols', `${dimensions} counts`);
      return { family: 'categorical', states, dimensions, symbols };
    }
    case 'mixture':
      return {
        family: 'mixture',
        states,
        dimensions,
        components: countOf(fields['components'], 'components'),
      };
    default:
      throw badField('family', '"student_t" or "categorical" or "mixture"');
  }
}
