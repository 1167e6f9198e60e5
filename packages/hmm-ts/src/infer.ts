import { familyOf } from './families/family-of.ts';
import type { Hmm } from './hmm.ts';
import { forwardBackward, forwardSequence, viterbi } from './inference.ts';
import type { Observations, Span } from './observations.ts';
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
    const posterior = forwardBackward(model, rowsIn(span, logDensities, model.states));
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
  const { states, dimensions, scaling } = model;
  for (let row = 0; row * states < logDensities.length; row++) {
    const volume = logVolume(scaling, observations.values.subarray(row * dimensions, (row + 1) * dimensions));
    for (let at = row * states; at < (row + 1) * states; at++) logDensities[at] = logDensities[at]! - volume;
  }
  return logDensities;
}

/** The most likely state of each row, each sequence as a whole; looks ahead. Errors as {@link infer}. */
export function decode(model: Hmm, observations: Observations): Int32Array {
  const { logDensities, spans } = densitiesOf(model, observations);
  const states = new Int32Array(logDensities.length / model.states);
  for (const span of spans)
    states.set(viterbi(model, rowsIn(span, logDensities, model.states)).states, span.first);
  return states;
}

/** The causal part of {@link infer}, bit for bit, without the way back. Errors as there. */
export function filter(model: Hmm, observations: Observations): Omit<Inference, 'smoothed'> {
  const { logDensities, spans } = densitiesOf(model, observations);
  const filtered = new Float64Array(logDensities.length);
  const logLikelihood = spans.reduce((total, span) => {
    const lattice = {
      densities: rowsIn(span, logDensities, model.states),
      posterior: rowsIn(span, filtered, model.states),
    };
    return total + forwardSequence(model, lattice, span.steps);
  }, -logVolume(model.scaling, observations.values));
  return { logLikelihood, filtered };
}

/** Log-likelihood in the units of the data, all sequences together. Errors as {@link infer}. */
export function score(model: Hmm, observations: Observations): number {
  return filter(model, observations).logLikelihood;
}

function rowsIn(span: Span, ofStates: Float64Array, states: number): Float64Array {
  return ofStates.subarray(span.first * states, (span.first + span.steps) * states);
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
