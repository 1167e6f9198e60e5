import { familyOf } from './families/family-of.ts';
import { forwardBlock } from './forward.ts';
import { HmmError } from './hmm-error.ts';
import type { Hmm } from './hmm.ts';
import { forwardBackward, forwardSequence, viterbi } from './inference.ts';
import type { Missing, Observations, Span } from './observations.ts';
import { spansFor } from './rows-of-model.ts';
import { logVolume, standardise } from './scaling.ts';

export interface Inference {
  /** In the units of the data, all sequences together. */
  readonly logLikelihood: number;
  /** Row-major rows × states: given the rows of the sequence up to each row. Causal. */
  readonly filtered: Float64Array;
  /** Given the whole sequence: looks ahead, never for live use or a backtest. */
  readonly smoothed: Float64Array;
}

/**
 * Filtered and smoothed state probabilities.
 * @throws HmmError `bad_shape`, `bad_option`, `not_finite`, `unknown_symbol`, `too_few_rows`.
 */
export function infer(model: Hmm, observations: Observations): Inference {
  const { logDensities, spans } = densitiesOf(model, observations);
  const filtered = new Float64Array(logDensities.length);
  const smoothed = new Float64Array(logDensities.length);
  let logLikelihood = -logVolume(model.scaling, observations.values);
  for (const span of spans) {
    const posterior = forwardBackward(model, densitiesIn(span, logDensities, model.states));
    filtered.set(posterior.filtered, span.first * model.states);
    smoothed.set(posterior.smoothed, span.first * model.states);
    logLikelihood += posterior.logLikelihood;
  }
  return { logLikelihood, filtered, smoothed };
}

/**
 * Logarithm of the density of each row in each state, row-major rows × states, in the units of the data; of a row that has
 * only some of its features, of those. Errors as {@link infer}.
 */
export function stateLogDensities(model: Hmm, observations: Observations): Float64Array {
  const { logDensities } = densitiesOf(model, observations);
  const { states, dimensions } = model;
  return logDensities.map((density, index) => {
    const row = Math.floor(index / states) * dimensions;
    return density - logVolume(model.scaling, observations.values.subarray(row, row + dimensions));
  });
}

/** The most likely state of each row, each sequence as a whole; looks ahead. Errors as {@link infer}. */
export function decode(model: Hmm, observations: Observations): Int32Array {
  const { logDensities, spans } = densitiesOf(model, observations);
  const states = new Int32Array(logDensities.length / model.states);
  for (const span of spans)
    states.set(viterbi(model, densitiesIn(span, logDensities, model.states)).states, span.first);
  return states;
}

/** Log-likelihood in the units of the data, all sequences together, by the filter alone. Errors as {@link infer}. */
export function score(model: Hmm, observations: Observations): number {
  const { logDensities, spans } = densitiesOf(model, observations);
  return spans.reduce((total, span) => {
    const densities = densitiesIn(span, logDensities, model.states);
    const lattice = { densities, posterior: new Float64Array(densities.length) };
    return total + forwardSequence(model, lattice, span.steps);
  }, -logVolume(model.scaling, observations.values));
}

function densitiesIn(span: Span, logDensities: Float64Array, states: number): Float64Array {
  return logDensities.subarray(span.first * states, (span.first + span.steps) * states);
}

function densitiesOf(model: Hmm, observations: Observations) {
  const spans = spansFor(model, observations, 1);
  const values = standardise(observations.values, model.scaling);
  const rows = values.length / model.dimensions;
  const logDensities = new Float64Array(rows * model.states);
  const emissions = familyOf(model.family).prepare(model, values.some(Number.isNaN));
  emissions.logDensities(values, logDensities, { from: 0, to: rows });
  return { logDensities, spans };
}

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
}

/**
 * A causal filter that takes row after row and gives the same numbers as {@link infer} gives as `filtered`.
 * @param missing what becomes of NaN, as in {@link Observations}.
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
  return { initial, filterStep };
}
