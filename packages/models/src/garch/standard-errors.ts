import { factor, inverse } from '../numerics/cholesky.ts';
import type { GarchOptions } from './coordinates.ts';
import { logLikelihood, type Parameters } from './likelihood.ts';

/** In the units of the returns; null for what was not fitted. */
export interface StandardErrors {
  readonly mean: number;
  readonly omega: number;
  readonly alpha: number;
  readonly gamma: number | null;
  readonly beta: number;
  readonly degreesOfFreedom: number | null;
}

/** Of a parameter, or of a hundredth where it is smaller: the error of a central difference is the square of it. */
const DIFFERENCE = 1e-4;

/**
 * From the inverse of the negative Hessian, by central differences of the analytic gradient; null unless it is positive definite.
 * Parameters and returns are standardised, `deviation` is what the returns were divided by.
 */
export function standardErrors(
  parameters: Parameters,
  returns: Float64Array,
  { asymmetric, errors, deviation }: GarchOptions & { readonly deviation: number },
): StandardErrors | null {
  const keys = ['mean', 'omega', 'alpha', 'gamma', 'beta', 'inverseDegrees'] as const;
  const fitted = [...keys.keys()].filter(
    (i) => (keys[i] !== 'gamma' || asymmetric) && (keys[i] !== 'inverseDegrees' || errors === 'student'),
  );
  const rows = fitted.map((i) => {
    const step = DIFFERENCE * Math.max(Math.abs(parameters[keys[i]!]), 0.01);
    const [above, below] = [step, -step].map((by) => {
      const gradient = new Float64Array(keys.length);
      logLikelihood({ ...parameters, [keys[i]!]: parameters[keys[i]!] + by }, returns, gradient);
      return gradient;
    });
    return Float64Array.from(fitted, (k) => (below![k]! - above![k]!) / (2 * step));
  });
  const lower = factor(rows.map((row, i) => row.map((entry, k) => (entry + rows[k]![i]!) / 2)));
  if (!lower) return null;
  const variances = inverse(lower);
  const errorOf = (key: (typeof keys)[number]): number | null => {
    const at = fitted.indexOf(keys.indexOf(key));
    return at < 0 ? null : Math.sqrt(variances[at]![at]!);
  };
  const byInverse = errorOf('inverseDegrees');
  return {
    mean: deviation * errorOf('mean')!,
    omega: deviation * deviation * errorOf('omega')!,
    alpha: errorOf('alpha')!,
    gamma: errorOf('gamma'),
    beta: errorOf('beta')!,
    degreesOfFreedom: byInverse === null ? null : byInverse / parameters.inverseDegrees ** 2,
  };
}
