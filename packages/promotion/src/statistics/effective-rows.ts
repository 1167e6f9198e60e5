import { longRunVariance } from './mean-difference.ts';

/** Lags of a block: enough for volatility, which is remembered for months of daily bars. */
const LAGS_MAX = 250;
/** Of the rows, so that what is far apart is still measured by many pairs. */
const LAGS_SHARE = 0.2;

/**
 * How many independent rows say as much of the distribution of a feature as these: rows × variance / long-run variance (Bayley
 * and Hammersley, "The Effective Number of Independent Observations in an Autocorrelated Time Series", 1946), at most the rows.
 * The lower one of the values and of their distances from the middle: returns forget their sign at once, and their size slowly.
 */
export function effectiveRows(values: Float64Array): number {
  const middle = values.toSorted()[Math.floor(values.length / 2)] ?? 0;
  return Math.min(independentRows(values), independentRows(values.map((value) => Math.abs(value - middle))));
}

function independentRows(values: Float64Array): number {
  const rows = values.length;
  if (rows < 2) return rows;
  const mean = values.reduce((sum, value) => sum + value, 0) / rows;
  const lags = Math.min(LAGS_MAX, Math.floor(rows * LAGS_SHARE));
  const variance = longRunVariance(values, mean, 0);
  const longRun = longRunVariance(values, mean, lags);
  return longRun > variance ? Math.max(1, (rows * variance) / longRun) : rows;
}
