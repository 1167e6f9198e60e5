/** A hidden Markov chain over rows: what it knew of its states at each row. */
export interface StateForecast {
  readonly states: number;
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
  { states, transition, filtered }: StateForecast,
  horizonBars: number,
): Float64Array {
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
    for (let to = 0; to < states; to++)
      next[to] = next[to]! + weights[from]! * transition[from * states + to]!;
  return next;
}

/** Rows [from, to). */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Mean probability of each state over rows: what is known of a row by whoever remembers nothing. */
export function stateShares(
  predicted: Float64Array,
  states: number,
  { from, to }: RowRange,
): Float64Array<ArrayBuffer> {
  const shares = new Float64Array(states);
  for (let row = from; row < to; row++)
    for (let state = 0; state < states; state++)
      shares[state] = shares[state]! + predicted[row * states + state]! / (to - from);
  return shares;
}

/** Logarithm of the sum of weights times densities. */
export function logMixture(weights: Float64Array, logDensities: Float64Array): number {
  const top = logDensities.reduce((most, density) => Math.max(most, density));
  if (!Number.isFinite(top)) return top;
  const sum = logDensities.reduce(
    (total, density, state) => total + weights[state]! * Math.exp(density - top),
    0,
  );
  return top + Math.log(sum);
}
