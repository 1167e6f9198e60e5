/** What is known of a mean: the paired differences of two models on the same rows. */
export interface MeanDifference {
  readonly mean: number;
  /** Standard error of the mean; 0 where all differences are equal. */
  readonly standardError: number;
  readonly rows: number;
}

/** Lags of Newey and West, "Automatic Lag Selection in Covariance Matrix Estimation" (1994), section 3: 4 (n / 100)^(2/9). */
function lagsFor(rows: number): number {
  return Math.floor(4 * (rows / 100) ** (2 / 9));
}

/**
 * Mean of dependent differences with the standard error of Newey and West, "A Simple, Positive Semi-Definite,
 * Heteroskedasticity and Autocorrelation Consistent Covariance Matrix" (1987): Bartlett weights. It is the test of Diebold
 * and Mariano (1995) on log scores.
 * @param overlapRows rows that a value shares bars with: at least so many lags are weighed.
 * @returns null of fewer than two rows, and where a difference is not finite.
 */
export function meanDifference(differences: Float64Array, overlapRows: number): MeanDifference | null {
  const rows = differences.length;
  if (rows < 2 || !differences.every(Number.isFinite)) return null;
  const mean = differences.reduce((sum, value) => sum + value, 0) / rows;
  const lags = Math.min(rows - 1, Math.max(lagsFor(rows), overlapRows));
  return { mean, standardError: Math.sqrt(longRunVariance(differences, mean, lags) / rows), rows };
}

/** Sum of all autocovariances up to a lag, with Bartlett's weights: zero or above. */
export function longRunVariance(values: Float64Array, mean: number, lags: number): number {
  const deviations = values.map((value) => value - mean);
  let sum = autocovariance(deviations, 0);
  for (let lag = 1; lag <= lags; lag++) sum += 2 * (1 - lag / (lags + 1)) * autocovariance(deviations, lag);
  // What rounding leaves of a sum that cannot be below zero.
  return Math.max(0, sum);
}

function autocovariance(deviations: Float64Array, lag: number): number {
  let sum = 0;
  for (let row = lag; row < deviations.length; row++) sum += deviations[row]! * deviations[row - lag]!;
  return sum / deviations.length;
}
