import type { Bar } from '../bar.ts';
import { fromUnits, toUnits } from '../decimal.ts';
import { divide } from './divide.ts';

/** A number as a fraction of whole numbers, both above zero. */
export interface Ratio {
  readonly of: bigint;
  readonly by: bigint;
}

/** What bars that opened before a time are multiplied by, to be compared with those after it. */
export interface AdjustmentStep {
  /** Open time of the first bar that is left as it is, Unix ms UTC. */
  readonly exOpenMs: number;
  /** Old shares for new ones: 1/4 for a split of four new shares for one. Volumes go the other way. */
  readonly split: Ratio;
  /** What was left of the close before, once the dividend was paid: (close - amount) / close. */
  readonly dividend: Ratio;
}

/** `raw`: as traded. `split`: in the shares of the newest bar. `total`: besides, as if dividends had been reinvested. */
export type AdjustmentMode = 'raw' | 'split' | 'total';

/** Which view of the prices is wanted. */
export interface Adjustment {
  readonly mode: AdjustmentMode;
  /** Only what had happened by then, Unix ms UTC: prices of the past in the shares of that day. */
  readonly asOfMs: number;
}

export const ONE: Ratio = { of: 1n, by: 1n };
/** Products of many ratios are rounded to so many digits after the point; far below the last digit of any price. */
const FACTOR_UNITS = 10n ** 36n;

/**
 * Bars as a view over what was traded: prices of before a split or dividend times its ratio, rounded once to 12 digits
 * after the point, the half away from zero. The bars themselves stay as they are.
 * @param bars - ascending.
 * @param steps - in any order.
 */
export function adjustBars(
  bars: readonly Bar[],
  steps: readonly AdjustmentStep[],
  { mode, asOfMs }: Adjustment,
): Bar[] {
  if (mode === 'raw') return [...bars];
  const newestFirst = steps
    .filter(({ exOpenMs }) => exOpenMs <= asOfMs)
    .toSorted((a, b) => b.exOpenMs - a.exOpenMs);
  const adjusted: Bar[] = [];
  let price = FACTOR_UNITS;
  let shares = FACTOR_UNITS;
  let next = 0;
  for (const bar of bars.toReversed()) {
    for (let step = newestFirst[next]; step && bar.openMs < step.exOpenMs; step = newestFirst[++next]) {
      const { split, dividend } = step;
      price = divide(price * split.of, split.by);
      shares = divide(shares * split.by, split.of);
      if (mode === 'total') price = divide(price * dividend.of, dividend.by);
    }
    adjusted.push(next === 0 ? bar : scaleBar(bar, price, shares));
  }
  return adjusted.toReversed();
}

function scaleBar({ openMs, open, high, low, close, volume }: Bar, price: bigint, shares: bigint): Bar {
  return {
    openMs,
    open: times(open, price),
    high: times(high, price),
    low: times(low, price),
    close: times(close, price),
    volume: times(volume, shares),
  };
}

function times(text: string, factor: bigint): string {
  return fromUnits(divide(toUnits(text) * factor, FACTOR_UNITS));
}
