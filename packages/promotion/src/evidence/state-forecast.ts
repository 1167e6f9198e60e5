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
  // Two rows of room for all steps: a new one for each takes longer than what is computed in it.
  const [weights, next] = [new Float64Array(states), new Float64Array(states)];
  for (let row = horizonBars; row < rows; row++) {
    for (let state = 0; state < states; state++)
      weights[state] = filtered[(row - horizonBars) * states + state]!;
    for (let step = 0; step < horizonBars; step++) takeStep(weights, transition, next);
    predicted.set(weights, row * states);
  }
  return predicted;
}

function takeStep(weights: Float64Array, transition: Float64Array, next: Float64Array): void {
  const states = weights.length;
  for (let to = 0; to < states; to++) {
    let sum = 0;
    for (let from = 0; from < states; from++) sum += weights[from]! * transition[from * states + to]!;
    next[to] = sum;
  }
  weights.set(next);
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

/** Logarithm of the sum of a row's weights times its densities; both row-major rows × states, or weights of a single row. */
export function logMixture(
  weights: Float64Array,
  logDensities: Float64Array,
  { states, row }: { readonly states: number; readonly row: number },
): number {
  const first = row * states;
  const firstWeight = weights.length === states ? 0 : first;
  let top = logDensities[first]!;
  for (let state = 1; state < states; state++) top = Math.max(top, logDensities[first + state]!);
  if (!Number.isFinite(top)) return top;
  let sum = 0;
  for (let state = 0; state < states; state++)
    sum += weights[firstWeight + state]! * Math.exp(logDensities[first + state]! - top);
  return top + Math.log(sum);
}
