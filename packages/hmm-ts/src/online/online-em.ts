import { familyOf } from '../families/family-of.ts';
import { HmmError } from '../hmm-error.ts';
import type { Hmm } from '../hmm.ts';
import type { Observations } from '../observations.ts';
import { spansFor } from '../rows-of-model.ts';
import { logVolume, standardise } from '../scaling.ts';
import type { SufficientStatistics } from '../statistics.ts';
import { checkWhole, emOptionsOf } from '../training/fit-options.ts';
import { createCourse, learnRow, updateModel, weigh } from './learn-row.ts';
import { statisticsLength, statisticsOver } from './running-statistics.ts';

const STEP_EXPONENT_DEFAULT = 0.7;
const ROWS_BEFORE_UPDATE_DEFAULT = 100;

/** Where online EM stands: plain data of constant size, however many rows it has learned from. */
export interface OnlineEm<M extends Hmm = Hmm> {
  readonly model: M;
  /** Rows learned from, with those behind the statistics that it began with. */
  readonly rows: number;
  /** Probability of each state at the last row, given all rows so far; empty before the first row. */
  readonly filtered: Float64Array;
  /**
   * Of each state, the running mean of the statistics of the rows so far if the last row was in that state: row-major
   * states × statistics.
   */
  readonly running: Float64Array;
}

export interface OnlineEmOptions {
  /** Step n has the size n^−exponent, above 0.5 and up to 1; at 1 every row counts alike for ever. 0.7 unless told. */
  readonly stepExponent?: number;
  /** Rows before the model changes for the first time. 100 unless told. */
  readonly rowsBeforeUpdate?: number;
  /** Least variance, as a fraction of the pooled variance of each feature. */
  readonly varianceFloor?: number;
}

/**
 * Begins with a model, and with the statistics of the rows that it was fitted to, if any. The next row starts a sequence.
 * @throws HmmError `bad_shape` where the statistics are of another model.
 */
export function startOnline<M extends Hmm>(model: M, fitted?: SufficientStatistics): OnlineEm<M> {
  const size = familyOf(model.family).sizeOf(model);
  const length = statisticsLength(size);
  const running = new Float64Array(model.states * length);
  if (fitted) {
    if (JSON.stringify(fitted.size) !== JSON.stringify(size))
      throw new HmmError('bad_shape', 'the statistics must be those of the model');
    const mean = statisticsOver(running.subarray(0, length), size);
    for (const field of ['transition', 'occupancy', 'weights', 'sums', 'products'] as const)
      fitted[field].forEach((value, at) => (mean[field][at] = value / fitted.rows));
    for (let state = 1; state < model.states; state++) running.copyWithin(state * length, 0, length);
  }
  return { model, rows: fitted?.rows ?? 0, filtered: new Float64Array(0), running };
}

export interface OnlineLearning<M extends Hmm = Hmm> {
  readonly state: OnlineEm<M>;
  /** Of the new rows, each under the model as it was before the row; in the units of the data. */
  readonly logLikelihood: number;
}

/**
 * Online EM (Cappé 2011, "Online EM algorithm for hidden Markov models"): one step for each row, which is looked at once
 * and never again. Statistics of the past are carried for every state that the chain may be in now, so that no backward
 * pass is needed. The rows go on the sequence that the state is in; between any two rows it can be saved and resumed.
 * The scaling stays that of the model.
 * @throws HmmError `bad_option`, `bad_shape` (more than one sequence, too), `not_finite`, `unknown_symbol`,
 *   `too_few_rows`, `impossible_observation`; the state given is as it was.
 */
export function learnOnline<M extends Hmm>(
  before: OnlineEm<M>,
  observations: Observations,
  options: OnlineEmOptions = {},
): OnlineLearning<M> {
  const { stepExponent = STEP_EXPONENT_DEFAULT, rowsBeforeUpdate = ROWS_BEFORE_UPDATE_DEFAULT } = options;
  const { varianceFloor } = emOptionsOf(options);
  if (!(stepExponent > 0.5 && stepExponent <= 1))
    throw new HmmError('bad_option', `stepExponent must be above 0.5 and up to 1, not ${stepExponent}`);
  checkWhole(rowsBeforeUpdate, 'rowsBeforeUpdate', 1);
  if (spansFor(before.model, observations, 1).length > 1)
    throw new HmmError(
      'bad_shape',
      'lengths must name one sequence: online EM goes on the one that it is in',
    );
  const { dimensions, values } = observations;
  const { scaling } = before.model;
  const standardised = standardise(values, scaling);
  const course = createCourse(before.model, before.filtered, before.running, standardised.some(Number.isNaN));
  let logLikelihood = -logVolume(scaling, values);
  let { rows } = before;
  for (let at = 0; at < values.length; at += dimensions) {
    rows++;
    const step = rows ** -stepExponent;
    logLikelihood += learnRow(course, standardised.subarray(at, at + dimensions), step);
    if (rows >= rowsBeforeUpdate) updateModel(course, Math.min(rows, 1 / step), varianceFloor);
  }
  const { model, filtered, running } = course;
  return { state: { model: model as M, rows, filtered, running: running.numbers }, logLikelihood };
}

/**
 * The statistics that the model stands on, as of all rows learned from, though younger rows weigh more in them; without
 * how sequences start. Empty before the first row.
 */
export function onlineStatistics({ model, rows, filtered, running }: OnlineEm): SufficientStatistics {
  const size = familyOf(model.family).sizeOf(model);
  const numbers = new Float64Array(statisticsLength(size));
  weigh(numbers, { filtered, running }, rows);
  return { ...statisticsOver(numbers, size), rows };
}
