import { deviation, finite, mean, ratio } from './moments.ts';

/** The mean length of a Julian year. */
export const YEAR_MS = 365.25 * 86_400_000;

/** Last over first, less one: 0.1 is ten per cent. Null where there was nothing to begin with. */
export function totalReturn(start: number, end: number): number | null {
  return start > 0 ? finite(end / start - 1) : null;
}

/** Compound annual growth rate over calendar time: (end / start)^(1 / years) - 1, years of 365.25 days. */
export function compoundAnnualGrowth(start: number, end: number, elapsedMs: number): number | null {
  return start > 0 && end >= 0 && elapsedMs > 0 ? finite((end / start) ** (YEAR_MS / elapsedMs) - 1) : null;
}

/** Mean return of a period times the periods of a year: what is put in relation to risk. */
export function meanAnnual(returns: Float64Array, periodsPerYear: number): number | null {
  const average = mean(returns);
  return average === null ? null : finite(average * periodsPerYear);
}

/** Sample standard deviation of the returns times the root of the periods of a year, which takes them as independent. */
export function volatilityAnnual(returns: Float64Array, periodsPerYear: number): number | null {
  const spread = deviation(returns);
  return spread === null ? null : finite(spread * Math.sqrt(periodsPerYear));
}

/**
 * Sharpe, "The Sharpe Ratio" (1994), without a riskless rate: mean of the returns over their sample standard deviation
 * (n - 1), times the root of the periods of a year, which takes them as independent.
 */
export function sharpeAnnual(returns: Float64Array, periodsPerYear: number): number | null {
  return ratio(meanAnnual(returns, periodsPerYear), volatilityAnnual(returns, periodsPerYear));
}

/**
 * Sortino and Price, "Performance Measurement in a Downside Risk Framework" (1994), target zero: mean of the returns over
 * the root of the mean square of the negative ones (over all n), annualised as the Sharpe ratio. Null without a loss.
 */
export function sortinoAnnual(returns: Float64Array, periodsPerYear: number): number | null {
  const downside = downsideDeviation(returns);
  return ratio(
    meanAnnual(returns, periodsPerYear),
    downside === null ? null : downside * Math.sqrt(periodsPerYear),
  );
}

/** Root of the mean over all returns of the squares of those below zero. */
export function downsideDeviation(returns: Float64Array): number | null {
  if (returns.length === 0) return null;
  let squares = 0;
  for (const value of returns) squares += Math.min(value, 0) ** 2;
  return Math.sqrt(squares / returns.length);
}
