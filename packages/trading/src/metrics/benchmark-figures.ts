import { covariance, finite, mean, ratio, variance } from './moments.ts';

/** What holding the instrument would have done, and how much of the strategy's return it explains. */
export interface BenchmarkFigures {
  /** Total return from the first to the last close. */
  readonly buyAndHold: number | null;
  /** Slope of the daily returns on those of the benchmark: covariance over variance. */
  readonly beta: number | null;
  /** Jensen, "The Performance of Mutual Funds" (1968), without a riskless rate: mean return less beta times that of the benchmark, a year. */
  readonly alpha: number | null;
}

/** @param returns daily, as those of the benchmark, day by day; what is left over of the longer row does not count. */
export function alphaAndBeta(
  returns: Float64Array,
  benchmark: Float64Array,
  periodsPerYear: number,
): { readonly alpha: number | null; readonly beta: number | null } {
  const days = Math.min(returns.length, benchmark.length);
  const [own, market] = [returns.subarray(0, days), benchmark.subarray(0, days)];
  const beta = ratio(covariance(own, market), variance(market));
  return {
    beta,
    alpha: beta === null ? null : finite((mean(own)! - beta * mean(market)!) * periodsPerYear),
  };
}
