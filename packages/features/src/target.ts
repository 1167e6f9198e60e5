import { logRatio, type PriceBar } from '@aistock/market';
import type { Target } from '@aistock/models';
import { FeatureError } from './feature-error.ts';

/** `return_log_ahead`: ln(close[t + horizon] / close[t]). `rises_ahead`: 1 where that is above zero, else 0. */
export interface TargetTerms {
  readonly name: 'return_log_ahead' | 'rises_ahead';
  readonly horizonBars: number;
}

/**
 * What comes after each bar from the one at `first` on; NaN where the horizon reaches past the last bar.
 * @throws FeatureError `bad_option` for a horizon that is not a whole number above zero.
 */
export function targetOf(
  bars: readonly PriceBar[],
  first: number,
  { name, horizonBars }: TargetTerms,
): Target {
  if (!Number.isSafeInteger(horizonBars) || horizonBars < 1)
    throw new FeatureError('bad_option', `horizonBars must be a whole number from 1, not ${horizonBars}`);
  const values = Float64Array.from({ length: Math.max(0, bars.length - first) }, (_, row) => {
    const later = bars[first + row + horizonBars];
    if (!later) return Number.NaN;
    const ahead = logRatio(later.close, bars[first + row]!.close);
    return name === 'rises_ahead' ? Number(ahead > 0) : ahead;
  });
  return { name, horizonBars, values };
}
