import type { Hmm } from './hmm.ts';
import { stateMeans } from './state-moments.ts';

/** The feature whose mean is the direction of a state, and whose spread orders the states: the log return. */
export const RETURN_FEATURE = 0;

export interface RegimeReading {
  /** The most likely state; states are ordered by volatility, calmest first. */
  readonly state: number;
  /** Probability-weighted sign of the states' mean return, from -1 to 1. */
  readonly trend: number;
  /** Probability of the most volatile state. */
  readonly risk: number;
}

/** Sign of each state's mean return. */
export function trendSigns(model: Hmm): Float64Array {
  const means = stateMeans(model);
  return Float64Array.from({ length: model.states }, (_, state) =>
    Math.sign(means[state * model.dimensions + RETURN_FEATURE]!),
  );
}

/** What filtered state probabilities say. */
export function regimeOf(signs: Float64Array, probabilities: Float64Array): RegimeReading {
  let state = 0;
  let trend = 0;
  probabilities.forEach((probability, index) => {
    if (probability > probabilities[state]!) state = index;
    trend += probability * signs[index]!;
  });
  return { state, trend: Math.max(-1, Math.min(1, trend)), risk: Math.min(1, probabilities.at(-1)!) };
}
