import { familyOf } from './families/family-of.ts';
import { forwardBlock } from './forward.ts';
import { HmmError } from './hmm-error.ts';
import type { Hmm } from './hmm.ts';
import type { Missing } from './observations.ts';
import { predictAhead } from './predict-ahead.ts';
import { spansFor } from './rows-of-model.ts';
import { logVolume, standardise } from './scaling.ts';
import { checkWhole } from './training/fit-options.ts';

/** Where a filter stands. Immutable; a copy can be kept and gone back to. */
export interface FilterState {
  readonly steps: number;
  /** In the units of the data. */
  readonly logLikelihood: number;
  /** Of each state, given all rows so far; before the first row, the start distribution. */
  readonly probabilities: Float64Array;
  /** Of each state at the next row. */
  readonly predicted: Float64Array;
}

export interface StreamFilter {
  readonly initial: FilterState;
  /**
   * The state after one more row.
   * @throws HmmError `bad_shape`, `not_finite`, `unknown_symbol`, `impossible_observation`.
   */
  filterStep(state: FilterState, row: ArrayLike<number>): FilterState;
  /**
   * The state after so many rows that are missing, as if each were a row of which nothing is known: the distribution
   * moves on by the transitions to that power. A bar that the venue has none of may be skipped like this.
   * @throws HmmError `bad_option` unless `rows` is a whole number from 0.
   */
  skip(state: FilterState, rows: number): FilterState;
}

/**
 * A causal filter that takes row after row and gives the same numbers as `infer` gives as `filtered`. Its memory does not grow.
 * @param missing what becomes of NaN, as in `Observations`.
 */
export function streamFilter(model: Hmm, { missing = 'refuse' }: { missing?: Missing } = {}): StreamFilter {
  const emissions = familyOf(model.family).prepare(model, missing === 'marginalise');
  const initial = {
    steps: 0,
    logLikelihood: 0,
    probabilities: model.start.slice(),
    predicted: model.start.slice(),
  };
  const filterStep = (state: FilterState, row: ArrayLike<number>): FilterState => {
    const values = Float64Array.from(row);
    if (values.length !== model.dimensions)
      throw new HmmError('bad_shape', `a row must have ${model.dimensions} values, not ${values.length}`);
    spansFor(model, { dimensions: model.dimensions, values, missing }, 1);
    const posterior = new Float64Array(model.states);
    const densities = new Float64Array(model.states);
    const predicted = state.predicted.slice();
    const step = { from: 0, to: 1 };
    emissions.logDensities(standardise(values, model.scaling), densities, step);
    const gain = forwardBlock(model, { densities, posterior }, predicted, step);
    return {
      steps: state.steps + 1,
      logLikelihood: state.logLikelihood + gain - logVolume(model.scaling, values),
      probabilities: posterior,
      predicted,
    };
  };
  const skip = (state: FilterState, rows: number): FilterState => {
    checkWhole(rows, 'rows', 0);
    if (rows === 0) return state;
    const probabilities = predictAhead(model, state.predicted, rows - 1);
    const predicted = predictAhead(model, probabilities, 1);
    return { ...state, steps: state.steps + rows, probabilities, predicted };
  };
  return { initial, filterStep, skip };
}
