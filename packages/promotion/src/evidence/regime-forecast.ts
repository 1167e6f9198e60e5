/** How returns are distributed in a state. */
export interface ReturnDistribution {
  /** Logarithm of the density, nats. */
  logDensity(value: number): number;
  /** Probability of a return of at most this. */
  cdf(value: number): number;
}

/** What a regime model says of returns: one distribution a state, mixed by the probabilities of the states. */
export interface RegimeForecast {
  /** One a state. */
  readonly returns: readonly ReturnDistribution[];
  /** Row-major states × states: probability of the state of a column after that of a row. */
  readonly transition: Float64Array;
  /** Row-major rows × states: probability of each state given the rows up to each row. */
  readonly filtered: Float64Array;
}

/**
 * Probability of each state at each row given the rows that were known `horizonBars` earlier: filtered probabilities times
 * the transition matrix to that power (Hamilton, "Time Series Analysis", 1994, equation 22.4.6). Row-major rows × states;
 * NaN in the first rows, of which nothing was known so early.
 */
export function predictedStates(
  { returns, transition, filtered }: RegimeForecast,
  horizonBars: number,
): Float64Array {
  const states = returns.length;
  const rows = filtered.length / states;
  const predicted = new Float64Array(filtered.length).fill(Number.NaN);
  for (let row = horizonBars; row < rows; row++) {
    let weights = filtered.subarray((row - horizonBars) * states, (row - horizonBars + 1) * states);
    for (let step = 0; step < horizonBars; step++) weights = stepOf(weights, transition);
    predicted.set(weights, row * states);
  }
  return predicted;
}

function stepOf(weights: Float64Array, transition: Float64Array): Float64Array<ArrayBuffer> {
  const states = weights.length;
  const next = new Float64Array(states);
  for (let from = 0; from < states; from++)
    for (let to = 0; to < states; to++) next[to]! += weights[from]! * transition[from * states + to]!;
  return next;
}

/** Mean probability of each state over rows [from, to): what is known of a row by whoever remembers nothing. */
export function stateShares(
  predicted: Float64Array,
  states: number,
  { from, to }: { readonly from: number; readonly to: number },
): Float64Array {
  const shares = new Float64Array(states);
  for (let row = from; row < to; row++)
    for (let state = 0; state < states; state++)
      shares[state]! += predicted[row * states + state]! / (to - from);
  return shares;
}

/** Logarithm of the density of a value under the states' distributions, mixed by weights that sum to 1. */
export function mixtureLogDensity(
  returns: readonly ReturnDistribution[],
  weights: Float64Array,
  value: number,
): number {
  let top = -Infinity;
  const parts = returns.map((state, index) => {
    const part = Math.log(weights[index]!) + state.logDensity(value);
    if (part > top || Number.isNaN(part)) top = part;
    return part;
  });
  if (!Number.isFinite(top)) return top;
  return top + Math.log(parts.reduce((sum, part) => sum + Math.exp(part - top), 0));
}

/** Probability of a value of at most this, under the same mixture. */
export function mixtureCdf(
  returns: readonly ReturnDistribution[],
  weights: Float64Array,
  value: number,
): number {
  return returns.reduce((sum, state, index) => sum + weights[index]! * state.cdf(value), 0);
}
