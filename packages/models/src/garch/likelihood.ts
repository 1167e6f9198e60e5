import { digamma, logGamma } from '../numerics/log-gamma.ts';

/** Natural parameters in the order of the gradient; `inverseDegrees` is 1 / degrees of freedom, 0 for normal errors. */
export interface Parameters {
  readonly mean: number;
  readonly omega: number;
  readonly alpha: number;
  readonly gamma: number;
  readonly beta: number;
  readonly inverseDegrees: number;
}

/**
 * Log-likelihood of the returns, and its gradient in the order of `Parameters`, by the recursion of the variance's own
 * derivatives (Fiorentini, Calzolari & Panattoni 1996). The first variance is that of `startOf`.
 */
export function logLikelihood(parameters: Parameters, returns: Float64Array, gradient: Float64Array): number {
  const { mean, omega, alpha, gamma, beta, inverseDegrees } = parameters;
  const { logDensityAtZero, slope: constantSlope } = errorTerms(inverseDegrees);
  const tail = inverseDegrees / (1 - 2 * inverseDegrees);
  const start = startSums(returns, mean);
  const stays = alpha + gamma / 2 + beta;
  let h = omega + stays * start.meanSquare;
  let [byMean, byOmega, byAlpha, byGamma, byBeta] = [
    -2 * stays * start.meanError,
    1,
    start.meanSquare,
    start.meanSquare / 2,
    start.meanSquare,
  ];
  let total = returns.length * logDensityAtZero;
  gradient.fill(0);
  gradient[5] = returns.length * constantSlope;
  for (let i = 0; i < returns.length; i++) {
    const e = returns[i]! - mean;
    const square = e * e;
    const ratio = square / h;
    // Student's density falls as (1 + tail ratio) to the power (nu + 1) / 2; normal errors are its limit as tail goes to 0.
    const spread = tail === 0 ? ratio / 2 : ((1 / inverseDegrees + 1) / 2) * Math.log1p(tail * ratio);
    const weight = (1 + inverseDegrees) / (1 - 2 * inverseDegrees) / (1 + tail * ratio);
    total -= Math.log(h) / 2 + spread;
    const byH = (weight * ratio - 1) / (2 * h);
    gradient[0] = gradient[0]! + byH * byMean + (weight * e) / h;
    gradient[1] = gradient[1]! + byH * byOmega;
    gradient[2] = gradient[2]! + byH * byAlpha;
    gradient[3] = gradient[3]! + byH * byGamma;
    gradient[4] = gradient[4]! + byH * byBeta;
    if (tail > 0) gradient[5] += tailSlope(inverseDegrees, tail, ratio);
    const isFall = e < 0;
    const shock = isFall ? alpha + gamma : alpha;
    byMean = beta * byMean - 2 * shock * e;
    byOmega = beta * byOmega + 1;
    byAlpha = beta * byAlpha + square;
    byGamma = beta * byGamma + (isFall ? square : 0);
    byBeta = beta * byBeta + h;
    h = omega + shock * square + beta * h;
  }
  return total;
}

function startSums(returns: Float64Array, mean: number): { meanSquare: number; meanError: number } {
  let [squares, errors] = [0, 0];
  for (const value of returns) {
    squares += (value - mean) ** 2;
    errors += value - mean;
  }
  return { meanSquare: squares / returns.length, meanError: errors / returns.length };
}

/** Log-density at zero of an error of variance one, and its derivative by 1 / degrees of freedom. */
function errorTerms(inverse: number): { logDensityAtZero: number; slope: number } {
  if (inverse === 0) return { logDensityAtZero: -Math.log(2 * Math.PI) / 2, slope: 0 };
  const degrees = 1 / inverse;
  const logDensityAtZero =
    logGamma((degrees + 1) / 2) - logGamma(degrees / 2) - Math.log(Math.PI * (degrees - 2)) / 2;
  const byDegrees = (digamma((degrees + 1) / 2) - digamma(degrees / 2) - 1 / (degrees - 2)) / 2;
  return { logDensityAtZero, slope: -byDegrees * degrees * degrees };
}

/** Derivative by 1 / degrees of freedom of what an error of this squared ratio takes from the log-likelihood. */
function tailSlope(inverse: number, tail: number, ratio: number): number {
  const degrees = 1 / inverse;
  const bySpread = Math.log1p(tail * ratio) / 2;
  const byTail = (((degrees + 1) / 2) * ratio) / (1 + tail * ratio) / (degrees - 2) ** 2;
  return (bySpread - byTail) * degrees * degrees;
}
