import { stateShares } from './state-forecast.ts';

/**
 * What each row of before counts so that its regimes come as often as now: that one regime comes more often is what a regime model
 * is for, and drift is what is not like any of them.
 * @param before, now - row-major rows × states: probability of each state at each row.
 */
export function regimeWeights(before: Float64Array, now: Float64Array, states: number): Float64Array {
  const rows = before.length / states;
  const shares = stateShares(before, states, { from: 0, to: rows });
  const ratios = stateShares(now, states, { from: 0, to: now.length / states }).map((share, state) =>
    shares[state]! > 0 ? share / shares[state]! : 0,
  );
  return Float64Array.from({ length: rows }, (_, row) =>
    ratios.reduce((sum, ratio, state) => sum + ratio * before[row * states + state]!, 0),
  );
}
