/** Arithmetic mean; null of nothing. */
export function mean(values: Float64Array): number | null {
  return values.length === 0 ? null : finite(sum(values) / values.length);
}

export function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Sample variance with n - 1; null of fewer than two values. */
export function variance(values: Float64Array): number | null {
  return values.length < 2 ? null : finite(centralSum(values, 2) / (values.length - 1));
}

/** Square root of the sample variance with n - 1; null of fewer than two values, and where it is zero but for rounding. */
export function deviation(values: Float64Array): number | null {
  const squared = variance(values);
  if (squared === null) return null;
  const root = Math.sqrt(squared);
  return root > ROUNDING * largest(values) ? root : null;
}

/** What is left of a spread of nothing after sums in float64, in parts of the largest value. */
const ROUNDING = 1e-12;

/** Sample skewness G1 of Joanes and Gill, "Comparing measures of sample skewness and kurtosis" (1998), as pandas and Excel have it. */
export function skewness(values: Float64Array): number | null {
  const count = values.length;
  if (count < 3 || deviation(values) === null) return null;
  const second = centralSum(values, 2) / count;
  const biased = centralSum(values, 3) / count / second ** 1.5;
  return finite((biased * Math.sqrt(count * (count - 1))) / (count - 2));
}

/** Sample excess kurtosis G2 of Joanes and Gill (1998), 0 for a normal distribution, as pandas and Excel have it. */
export function kurtosisExcess(values: Float64Array): number | null {
  const count = values.length;
  if (count < 4 || deviation(values) === null) return null;
  const second = centralSum(values, 2) / count;
  const biased = centralSum(values, 4) / count / second ** 2 - 3;
  return finite(((count - 1) * ((count + 1) * biased + 6)) / ((count - 2) * (count - 3)));
}

/** Sample covariance with n - 1 of two rows of equal length; null of fewer than two values. */
export function covariance(left: Float64Array, right: Float64Array): number | null {
  if (left.length !== right.length) throw new RangeError('a covariance is of rows of equal length');
  if (left.length < 2) return null;
  const [leftMean, rightMean] = [mean(left)!, mean(right)!];
  let total = 0;
  for (let index = 0; index < left.length; index++)
    total += (left[index]! - leftMean) * (right[index]! - rightMean);
  return finite(total / (left.length - 1));
}

/** What a figure is when it can be said: never NaN, never infinite. */
export function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** A quotient; null where either part is unknown, or the divisor is zero. */
export function ratio(dividend: number | null, divisor: number | null): number | null {
  return dividend === null || divisor === null || divisor === 0 ? null : finite(dividend / divisor);
}

function centralSum(values: Float64Array, power: 2 | 3 | 4): number {
  const centre = sum(values) / values.length;
  let total = 0;
  for (const value of values) total += (value - centre) ** power;
  return total;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
