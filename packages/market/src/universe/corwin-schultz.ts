import type { PriceBar } from '../bar.ts';

/** 3 − 2√2, the constant of the estimator. */
const K = 3 - 2 * Math.SQRT2;

/**
 * The bid-ask spread as a share of the price that two consecutive daily bars tell by their ranges, and never below zero.
 * A day's high is nearly always a buy and its low a sell, so that a range holds the spread once whatever its length,
 * while the variance grows with time. S. Corwin and P. Schultz, "A Simple Way to Estimate Bid-Ask Spreads from Daily High
 * and Low Prices", Journal of Finance 67(2), 2012, equations 14 and 18, with their correction for the night: the second
 * day is moved to where it touches the first day's close. NaN where a price is not above zero.
 */
export function corwinSchultzSpread(first: PriceBar, second: PriceBar): number {
  const moved = nightMove(first.close, second);
  const [high, low] = [second.high + moved, second.low + moved];
  const beta = squaredLog(first.high, first.low) + squaredLog(high, low);
  const gamma = squaredLog(Math.max(first.high, high), Math.min(first.low, low));
  const alpha = (Math.sqrt(2 * beta) - Math.sqrt(beta)) / K - Math.sqrt(gamma / K);
  const spread = (2 * (Math.exp(alpha) - 1)) / (1 + Math.exp(alpha));
  return spread < 0 ? 0 : spread;
}

function nightMove(close: number, { high, low }: PriceBar): number {
  if (close < low) return close - low;
  return close > high ? close - high : 0;
}

function squaredLog(high: number, low: number): number {
  return low > 0 ? Math.log(high / low) ** 2 : Number.NaN;
}
