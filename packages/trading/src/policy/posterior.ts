import { cholesky, forwardSolve, backwardSolve, dot } from './linear-solve.ts';

/** Precision of the prior on each weight, in units of one outcome. */
const PRIOR_PRECISION = 1;

/**
 * Bayesian linear regression of the reward on the context vector, as sufficient statistics: outcomes may be learned
 * in any order.
 */
export interface Posterior {
  readonly dimensions: number;
  /** A = prior precision + sum of x xT, row-major. */
  readonly precision: readonly number[];
  /** b = sum of x times reward. */
  readonly rewardVector: readonly number[];
  readonly rewardSum: number;
  readonly outcomes: number;
}

/** What is expected of a preset in a context: a reward, and how unsure that is. */
export interface Belief {
  readonly mean: number;
  readonly sd: number;
}

/** Nothing learned yet. */
export function emptyPosterior(dimensions: number): Posterior {
  const precision = Array.from({ length: dimensions ** 2 }, (_, index) =>
    index % (dimensions + 1) === 0 ? PRIOR_PRECISION : 0,
  );
  return {
    dimensions,
    precision,
    rewardVector: Array<number>(dimensions).fill(0),
    rewardSum: 0,
    outcomes: 0,
  };
}

/**
 * Learns one outcome.
 * @throws RangeError for a context of another length, or for a number that is not finite.
 */
export function learn(posterior: Posterior, context: readonly number[], reward: number): Posterior {
  const { dimensions, precision, rewardVector, rewardSum, outcomes } = posterior;
  if (context.length !== dimensions || ![...context, reward].every(Number.isFinite))
    throw new RangeError(`an outcome needs a finite reward and ${dimensions} finite context values`);
  return {
    dimensions,
    precision: precision.map(
      (value, index) => value + at(context, Math.floor(index / dimensions)) * at(context, index % dimensions),
    ),
    rewardVector: rewardVector.map((value, index) => value + at(context, index) * reward),
    rewardSum: rewardSum + reward,
    outcomes: outcomes + 1,
  };
}

/**
 * The expected reward in a context: mean xT A^-1 b, standard deviation noise * sqrt(xT A^-1 x) (Agrawal and Goyal
 * 2013, linear Thompson sampling).
 * @param noiseSd standard deviation of one reward, in units of the reward.
 * @returns undefined where the statistics are not those of a regression: not finite, or not positive definite.
 */
export function believe(
  posterior: Posterior,
  context: readonly number[],
  noiseSd: number,
): Belief | undefined {
  if (context.length !== posterior.dimensions) return undefined;
  const factor = cholesky(posterior.precision, posterior.dimensions);
  if (factor === undefined) return undefined;
  const weights = backwardSolve(factor, forwardSolve(factor, posterior.rewardVector));
  const spread = forwardSolve(factor, context);
  const mean = dot(weights, context);
  const sd = noiseSd * Math.sqrt(dot(spread, spread));
  return Number.isFinite(mean) && Number.isFinite(sd) && sd > 0 ? { mean, sd } : undefined;
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? Number.NaN;
}
