import { normalCdf } from '../../policy/normal.ts';
import { fitLine, type Line } from './fit-line.ts';

/** x(t) = intercept + slope × x(t - 1) + noise, by least squares over at least four values. */
export function fitAutoregression(values: Float64Array): Line {
  return fitLine(values.subarray(0, -1), values.subarray(1));
}

/**
 * Bars in which the expected deviation from the mean halves, -ln 2 / ln slope (the AR(1) form of the half-life of an
 * Ornstein-Uhlenbeck process; Chan, Algorithmic Trading, 2013, chapter 2). Infinity where it does not come back; 0 where it
 * is gone with the next bar.
 */
export function halfLifeBars({ slope }: Line): number {
  if (slope >= 1) return Infinity;
  return slope <= 0 ? 0 : -Math.LN2 / Math.log(slope);
}

/** Expected number of bars until a deviation has shrunk from one size to another, at most `barsMax`. */
export function barsToShrink(model: Line, [from, to]: readonly [number, number], barsMax: number): number {
  if (to <= 0) return barsMax;
  return Math.min(barsMax, halfLifeBars(model) * Math.log2(from / to));
}

/** Probability that the next value lies in a direction from this one, with normal noise. */
export function nextMoveProbability(
  { slope, intercept, residualSd }: Line,
  value: number,
  direction: -1 | 1,
): number {
  const move = direction * (intercept + slope * value - value);
  if (residualSd === 0) return (1 + Math.sign(move)) / 2;
  return normalCdf(move / residualSd);
}

/**
 * Dickey and Fuller's t-statistic of residuals without constant or lags: that of ρ in Δx(t) = ρ x(t - 1) + noise. Very
 * negative where they return to zero; 0 where they do not vary.
 */
export function dickeyFullerT(residuals: Float64Array): number {
  const count = residuals.length - 1;
  let squares = 0;
  let products = 0;
  for (let index = 0; index < count; index++) {
    const before = residuals[index]!;
    squares += before * before;
    products += before * (residuals[index + 1]! - before);
  }
  if (squares === 0) return 0;
  const rho = products / squares;
  let noise = 0;
  for (let index = 0; index < count; index++)
    noise += (residuals[index + 1]! - (1 + rho) * residuals[index]!) ** 2;
  return noise === 0 ? -Infinity : rho / Math.sqrt(noise / (count - 1) / squares);
}

/**
 * What that statistic has to be below for residuals of a regression of one series on another with a constant, at 5 %
 * (MacKinnon, "Critical values for cointegration tests", 2010, table 2, N = 2).
 */
export function cointegrationCritical(steps: number): number {
  return -3.33613 - 6.1101 / steps - 6.823 / steps ** 2;
}
