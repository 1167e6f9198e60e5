import { normalCdf } from '../../policy/normal.ts';

/**
 * Mean range of a bar in standard deviations of its return, for a random walk without drift: √(8/π) (Feller, "The asymptotic
 * distribution of the range of sums of independent random variables", 1951; Parkinson 1980).
 */
export const RANGE_PER_SD = Math.sqrt(8 / Math.PI);

/**
 * Expected number of bars until a random walk without drift has come to a stop on one side, or its time is up, whichever is
 * first: the integral of 2Φ(a/√t) - 1, the probability to stand after t bars (reflection principle), from 0 to `barsMax`.
 * @param stopSd distance a of the stop in standard deviations of one bar, at least 0.
 */
export function expectedBarsToStop(stopSd: number, barsMax: number): number {
  const reach = stopSd / Math.sqrt(barsMax);
  const standing = 2 * normalCdf(reach) - 1;
  const tail = stopSd * Math.sqrt((2 * barsMax) / Math.PI) * Math.exp(-(reach * reach) / 2);
  return Math.max(0, Math.min(barsMax, (barsMax + stopSd * stopSd) * standing - stopSd * stopSd + tail));
}
