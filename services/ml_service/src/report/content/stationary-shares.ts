/**
 * The distribution that a Markov chain keeps, by elimination of one state after another without a subtraction (Grassmann, Taksar
 * and Heyman, "Regenerative Analysis and Steady State Distributions for Markov Chains", 1985).
 * @param transition row-major states × states, rows sum to one.
 * @returns null where the chain falls into parts that do not reach each other: then there is more than one, or some states are
 *   left for ever.
 */
export function stationaryShares(transition: ArrayLike<number>, states: number): Float64Array | null {
  const rates = Float64Array.from(transition);
  const at = (from: number, to: number) => rates[from * states + to]!;
  for (let last = states - 1; last > 0; last--) {
    let leaving = 0;
    for (let to = 0; to < last; to++) leaving += at(last, to);
    if (!(leaving > 0)) return null;
    for (let from = 0; from < last; from++) {
      rates[from * states + last] = at(from, last) / leaving;
      for (let to = 0; to < last; to++)
        rates[from * states + to] = at(from, to) + at(from, last) * at(last, to);
    }
  }
  const shares = new Float64Array(states);
  shares[0] = 1;
  for (let state = 1; state < states; state++)
    for (let from = 0; from < state; from++) shares[state] = shares[state]! + shares[from]! * at(from, state);
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}
