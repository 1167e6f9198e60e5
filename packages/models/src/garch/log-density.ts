import { logGamma } from '../numerics/log-gamma.ts';
import type { VolatilityModel } from './volatility-model.ts';

/**
 * Log-density of a return under the variance that was forecast for its bar: normal, or Student's t scaled to that variance
 * (Bollerslev 1987).
 */
export function logDensity(
  { mean, degreesOfFreedom: degrees }: VolatilityModel,
  variance: number,
  value: number,
): number {
  const ratio = (value - mean) ** 2 / variance;
  if (degrees === null) return -(Math.log(2 * Math.PI * variance) + ratio) / 2;
  return (
    logGamma((degrees + 1) / 2) -
    logGamma(degrees / 2) -
    Math.log(Math.PI * (degrees - 2) * variance) / 2 -
    ((degrees + 1) / 2) * Math.log1p(ratio / (degrees - 2))
  );
}
