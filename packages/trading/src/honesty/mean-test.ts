import { deviation, mean } from '../metrics/moments.ts';

/** Student's test of whether a mean is zero. */
export interface MeanTest {
  /** Mean over its standard error. */
  readonly t: number;
  readonly degreesOfFreedom: number;
  /** Two-sided probability of a mean as far from zero if the true one is zero and the returns are independent. */
  readonly pValue: number;
}

/** Student (1908), one sample, two-sided. Null of fewer than two values and where all are the same. */
export function meanTest(values: Float64Array): MeanTest | null {
  const spread = deviation(values);
  if (spread === null) return null;
  const t = (mean(values)! * Math.sqrt(values.length)) / spread;
  const degreesOfFreedom = values.length - 1;
  return { t, degreesOfFreedom, pValue: Math.max(0, 1 - withinT(Math.abs(t), degreesOfFreedom)) };
}

/** Probability that Student's t lies within ±t: Abramowitz and Stegun (1964), 26.7.3 and 26.7.4, exact for whole degrees. */
function withinT(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const cosine = Math.cos(angle);
  const odd = degrees % 2 === 1;
  let term = odd ? cosine : 1;
  let series = degrees === 1 ? 0 : term;
  for (let factor = odd ? 2 : 1; factor <= degrees - 3; factor += 2) {
    term *= (factor / (factor + 1)) * cosine ** 2;
    series += term;
  }
  const partial = Math.sin(angle) * series;
  return odd ? (2 / Math.PI) * (angle + partial) : partial;
}
