import type { MeanDifference } from './mean-difference.ts';

/** Below and above which a mean does not lie, each with a level of error, however often it is looked at. */
export interface AnytimeBounds {
  readonly lower: number;
  readonly upper: number;
}

export interface AnytimeTerms {
  /** Probability from 0 to 1 that the true mean is ever below `lower`; the same for `upper`. */
  readonly level: number;
  /** Rows at which the bounds are as tight as they can be; they hold at any other number as well. */
  readonly tightRows: number;
}

/**
 * Asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and
 * asymptotic confidence sequences" (Annals of Statistics, 2024), in its one-sided form on either side: after t rows the mean
 * is more than s √(2 (tρ² + 1) / (t²ρ²) · ln(1 + √(tρ² + 1) / (2 level))) off at any t with the probability `level` at most. An
 * interval for a single look would find a difference between equal models sooner or later. For dependent rows s² is the
 * long-run variance, as strong approximation of their sums asks for (Berkes, Liu and Wu, "Komlós-Major-Tusnády approximation
 * under dependence", 2014). It holds once there are rows enough for a central limit: do not ask before.
 */
export function anytimeBounds(
  { mean, standardError, rows }: MeanDifference,
  { level, tightRows }: AnytimeTerms,
): AnytimeBounds {
  const rhoSquare = (Math.log(1 - 2 * Math.log(level)) - 2 * Math.log(level)) / tightRows;
  const inner = rows * rhoSquare + 1;
  const errors = Math.sqrt(((2 * inner) / (rows * rhoSquare)) * Math.log(1 + Math.sqrt(inner) / (2 * level)));
  return { lower: mean - errors * standardError, upper: mean + errors * standardError };
}
