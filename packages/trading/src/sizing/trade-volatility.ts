import type { BarView } from '../bars/index.ts';
import type { SizingPolicy } from './sizing-policy.ts';

/** How far back the inputs of sizing reach: bars of the instrument, the newest one included; 0 where they need none. */
export function sizingLookbackBars({ volatilityTarget, volatilityBars }: SizingPolicy): number {
  return volatilityTarget === null ? 0 : volatilityBars + 1;
}

/**
 * Volatility of an instrument, annualised: the standard deviation (n - 1) of its last log returns from close to close times
 * the root of the bars of a year. Null where there are too few bars, or a close that is no price.
 * @param returns how many returns, at least 2.
 */
export function tradeVolatility(bars: BarView, barsPerYear: number, returns: number): number | null {
  if (bars.count < returns + 1 || returns < 2) return null;
  let sum = 0;
  let squares = 0;
  for (let ago = 0; ago < returns; ago++) {
    const logReturn = Math.log(bars.close(ago) / bars.close(ago + 1));
    sum += logReturn;
    squares += logReturn * logReturn;
  }
  const variance = Math.max(0, squares - (sum * sum) / returns) / (returns - 1);
  const volatility = Math.sqrt(variance * barsPerYear);
  return Number.isFinite(volatility) ? volatility : null;
}
