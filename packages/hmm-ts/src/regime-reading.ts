import type { Hmm } from './hmm.ts';
import { stateDeviations, stateMeans } from './state-moments.ts';

/** The feature whose mean is the direction of a state, and whose spread is its volatility: the log return. */
export const RETURN_FEATURE = 0;

/** What the states of a model mean, by their parameters and not by their order. */
export interface StateMeanings {
  /** Sign of each state's mean return. */
  readonly trends: Float64Array;
  /** Rank of each state's volatility: 0 for the calmest; ties go to the lower state. */
  readonly volatilityRanks: Int32Array;
}

export interface RegimeReading {
  /** The most likely state. */
  readonly state: number;
  /** Probability-weighted sign of the states' mean return, from -1 to 1. */
  readonly trend: number;
  /** Probability of the most volatile state. */
  readonly risk: number;
}

export function stateMeanings(model: Hmm): StateMeanings {
  const { states, dimensions } = model;
  const ofReturn = (values: Float64Array) =>
    Float64Array.from({ length: states }, (_, state) => values[state * dimensions + RETURN_FEATURE]!);
  const volatilities = ofReturn(stateDeviations(model));
  const volatilityRanks = new Int32Array(states);
  Array.from(volatilities.keys())
    .toSorted((a, b) => volatilities[a]! - volatilities[b]!)
    .forEach((state, rank) => (volatilityRanks[state] = rank));
  return { trends: ofReturn(stateMeans(model)).map(Math.sign), volatilityRanks };
}

/** What filtered state probabilities say. */
export function regimeOf(
  { trends, volatilityRanks }: StateMeanings,
  probabilities: Float64Array,
): RegimeReading {
  let state = 0;
  let trend = 0;
  probabilities.forEach((probability, index) => {
    if (probability > probabilities[state]!) state = index;
    trend += probability * trends[index]!;
  });
  const risk = probabilities[volatilityRanks.indexOf(probabilities.length - 1)]!;
  return { state, trend: Math.max(-1, Math.min(1, trend)), risk: Math.min(1, risk) };
}
