import type { Box } from '../numerics/minimise.ts';
import type { Parameters } from './likelihood.ts';

export interface GarchOptions {
  /** A fall may move the variance otherwise than a rise (GJR). */
  readonly asymmetric: boolean;
  readonly errors: 'normal' | 'student';
}

/** What a bound can hold. */
export type Bounded =
  'mean' | 'longRunVariance' | 'persistence' | 'alpha' | 'beta' | 'gamma' | 'degreesOfFreedom';

interface Coordinate {
  readonly name: Bounded;
  readonly lower: number;
  readonly upper: number;
}

/** Below one, so that the long-run variance exists; a fit that ends here says so. */
const PERSISTENCE_MAX = 0.9999;

/** The search moves in a box: shares of the persistence keep every point stationary. In units of standardised returns. */
const COORDINATES: readonly Coordinate[] = [
  { name: 'mean', lower: -1, upper: 1 },
  // Its logarithm; omega is what this and the persistence leave.
  { name: 'longRunVariance', lower: Math.log(1e-10), upper: Math.log(1e6) },
  { name: 'persistence', lower: 0, upper: PERSISTENCE_MAX },
  // The share of beta in the persistence.
  { name: 'beta', lower: 0, upper: 1 },
  // The share of falls in what shocks leave: a half without asymmetry.
  { name: 'gamma', lower: 0, upper: 1 },
  // One by the degrees of freedom: from 500 down to 2.05.
  { name: 'degreesOfFreedom', lower: 1 / 500, upper: 1 / 2.05 },
];
const MEAN = 0;
const LONG_RUN = 1;
const PERSISTENCE = 2;
const BETA = 3;
const FALLS = 4;
const DEGREES = 5;

/** Which coordinates are searched. */
export const searched = ({ asymmetric, errors }: GarchOptions): readonly number[] => [
  MEAN,
  LONG_RUN,
  PERSISTENCE,
  BETA,
  ...(asymmetric ? [FALLS] : []),
  ...(errors === 'student' ? [DEGREES] : []),
];

export const boxOf = (which: readonly number[]): Box => ({
  lower: which.map((i) => COORDINATES[i]!.lower),
  upper: which.map((i) => COORDINATES[i]!.upper),
});

/** All six coordinates: the searched ones, a half for falls and 0 for normal errors. */
export function spreadOut(point: ArrayLike<number>, which: readonly number[]): Float64Array {
  const all = Float64Array.of(0, 0, 0, 0, 0.5, 0);
  for (const [k, i] of which.entries()) all[i] = point[k]!;
  return all;
}

export function parametersAt(all: Float64Array): Parameters {
  const shocks = 2 * all[PERSISTENCE]! * (1 - all[BETA]!);
  const rises = shocks * (1 - all[FALLS]!);
  return {
    mean: all[MEAN]!,
    omega: Math.exp(all[LONG_RUN]!) * (1 - all[PERSISTENCE]!),
    alpha: rises,
    // A difference, so that rounding never leaves alpha + gamma below 0.
    gamma: shocks * all[FALLS]! - rises,
    beta: all[PERSISTENCE]! * all[BETA]!,
    inverseDegrees: all[DEGREES]!,
  };
}

/** From the gradient by parameters to that by all six coordinates (the chain rule of `parametersAt`). */
export function gradientAt(all: Float64Array, natural: Float64Array): Float64Array {
  const [byMean, byOmega, byAlpha, byGamma, byBeta, byDegrees] = natural;
  const persistence = all[PERSISTENCE]!;
  const beta = all[BETA]!;
  const falls = all[FALLS]!;
  const longRun = Math.exp(all[LONG_RUN]!);
  const byShocks = byAlpha! * (1 - falls) + byGamma! * (2 * falls - 1);
  return Float64Array.of(
    byMean!,
    byOmega! * longRun * (1 - persistence),
    2 * (1 - beta) * byShocks + beta * byBeta! - byOmega! * longRun,
    persistence * (byBeta! - 2 * byShocks),
    2 * persistence * (1 - beta) * (2 * byGamma! - byAlpha!),
    byDegrees!,
  );
}

/** What a bound held: a share at its end means that alpha, beta or gamma is there. */
export function heldAt(point: ArrayLike<number>, which: readonly number[]): Bounded[] {
  return which.flatMap((i, k) => {
    const { name, lower, upper } = COORDINATES[i]!;
    if (point[k] === upper) return [i === BETA ? 'alpha' : name];
    return point[k] === lower ? [name] : [];
  });
}

/** Places to begin, at the returns' own variance; the best of them is taken. */
export function startsOf(which: readonly number[]): Float64Array[] {
  const starts = [0.5, 0.9, 0.98].flatMap((persistence) =>
    [0.7, 0.9, 0.95].map((beta) => [0, 0, persistence, beta, 0.5, 0.15]),
  );
  return starts.map((start) => Float64Array.from(which, (i) => start[i]!));
}
