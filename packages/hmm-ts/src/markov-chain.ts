import { HmmError } from './hmm-error.ts';

const PROBABILITY_SUM_TOLERANCE = 1e-6;

/** The hidden part of a model. */
export interface MarkovChain {
  readonly states: number;
  /** Probability of each state at the first step of a sequence. */
  readonly start: Float64Array;
  /** Row-major states × states: from row to column, each row sums to one. */
  readonly transition: Float64Array;
}

/**
 * A chain from plain numbers.
 * @throws HmmError `bad_model` where the shapes differ or a row is not a distribution.
 */
export function markovChain(
  start: readonly number[],
  transition: readonly (readonly number[])[],
): MarkovChain {
  const states = start.length;
  if (states === 0) throw new HmmError('bad_model', 'start must name at least one state');
  if (transition.length !== states || transition.some((row) => row.length !== states))
    throw new HmmError('bad_model', `transition must be ${states} rows of ${states}`);
  checkDistribution(start, 'start');
  transition.forEach((row, state) => checkDistribution(row, `transition row ${state}`));
  return { states, start: Float64Array.from(start), transition: Float64Array.from(transition.flat()) };
}

/** @throws HmmError `bad_model` unless the values are probabilities that sum to one. */
export function checkDistribution(values: ArrayLike<number>, name: string): void {
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= 0 && value <= 1 + PROBABILITY_SUM_TOLERANCE))
      throw new HmmError('bad_model', `${name} must hold probabilities from 0 to 1, not ${value}`);
    total += value;
  }
  if (Math.abs(total - 1) > PROBABILITY_SUM_TOLERANCE)
    throw new HmmError('bad_model', `${name} must sum to 1, not ${total}`);
}
