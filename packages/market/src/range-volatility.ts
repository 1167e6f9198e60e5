import type { PriceBar } from './bar.ts';
import { logRatio } from './log-ratio.ts';

/** Bars of the volatility window. */
export const VOLATILITY_BARS = 10;
/** A tenth of a basis point. Without a floor a market that stands still would be a logarithm of zero. */
const VOLATILITY_FLOOR = 1e-5;

/** ln(high / low) squared. @throws RangeError for a price that is not finite and above zero. */
export function rangeSquareOf({ high, low }: Pick<PriceBar, 'high' | 'low'>): number {
  return logRatio(high, low) ** 2;
}

/**
 * ln of the high-low volatility of Parkinson (1980), sqrt(mean(ln(high/low)^2) / (4 ln 2)), over the last ten bars before
 * index `to`, in units of one bar's return.
 */
export function volatilityLogOf(rangeSquares: ArrayLike<number>, to: number): number {
  let sum = 0;
  for (let i = to - VOLATILITY_BARS; i < to; i++) sum += rangeSquares[i]!;
  return Math.log(Math.max(VOLATILITY_FLOOR, Math.sqrt(sum / VOLATILITY_BARS / (4 * Math.LN2))));
}
