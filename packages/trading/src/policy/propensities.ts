import { normalQuadrature } from './gauss-hermite.ts';
import { normalCdf } from './normal.ts';
import type { Belief } from './posterior.ts';

/** 64 points agree with adaptive quadrature to eight digits where the spreads are of one order. */
const QUADRATURE = normalQuadrature(64);

/**
 * Thompson sampling without sampling: the probability of each arm to have the largest draw from its belief,
 * P(i) = E over z of the product over j of Phi((mean_i + sd_i z - mean_j) / sd_j), scaled to add up to 1.
 * The choice is drawn from these very numbers, so that what is logged is exact whatever the quadrature leaves.
 */
export function thompsonPropensities(beliefs: readonly Belief[]): number[] {
  const raw = beliefs.map((own, i) =>
    QUADRATURE.reduce((sum, { x, weight }) => {
      const draw = own.mean + own.sd * x;
      const wins = (product: number, { mean, sd }: Belief, j: number) =>
        i === j ? product : product * normalCdf((draw - mean) / sd);
      return sum + weight * beliefs.reduce(wins, 1);
    }, 0),
  );
  const total = raw.reduce((sum, value) => sum + value, 0);
  return raw.map((value) => value / total);
}

/**
 * The arm with the best mean most of the time, any arm with probability `epsilon`.
 * Arms that are equally good share the first place.
 */
export function epsilonGreedyPropensities(beliefs: readonly Belief[], epsilon: number): number[] {
  const best = Math.max(...beliefs.map(({ mean }) => mean));
  const winners = beliefs.filter(({ mean }) => mean === best).length;
  return beliefs.map(({ mean }) => epsilon / beliefs.length + (mean === best ? (1 - epsilon) / winners : 0));
}

/** Lifts every propensity to at least `floor`, so that any other policy can be evaluated on what is logged. */
export function withFloor(propensities: readonly number[], floor: number): number[] {
  const share = 1 - floor * propensities.length;
  if (!(floor >= 0 && share > 0))
    throw new RangeError(`a floor of ${floor} leaves nothing to ${propensities.length} arms`);
  return propensities.map((propensity) => floor + share * propensity);
}
