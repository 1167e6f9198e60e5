import { meanDifference, type MeanDifference } from './mean-difference.ts';

/** Lags as a multiple of the root of the rows: regimes are remembered far longer than the bars that two rows share. */
const LAGS_OF_ROOT = 2;
/** Lags as a multiple of what rows share: Bartlett's weights, which fall to zero with the last lag, would halve that. */
const LAGS_OF_OVERLAP = 2;

/**
 * Mean of the differences of two models bar after bar, with an error that is not made too small by few rows: the long-run
 * variance looks back 2 √rows bars, and what that takes of the rows is given back (the mean of n rows with so many lags has only
 * about n - lags left to vary).
 * @param overlapRows rows that a value shares bars with: at least twice so many lags are weighed.
 * @returns null of fewer than two rows, and where a difference is not finite.
 */
export function pairedMean(differences: Float64Array, overlapRows = 0): MeanDifference | null {
  const rows = differences.length;
  const lags = Math.max(Math.floor(LAGS_OF_ROOT * Math.sqrt(rows)), LAGS_OF_OVERLAP * overlapRows);
  const found = meanDifference(differences, lags);
  if (!found) return null;
  return { ...found, standardError: found.standardError * Math.sqrt(rows / Math.max(1, rows - lags)) };
}
