import { finite } from './moments.ts';

/** What is lost on a bad day, as shares above zero for a loss; null where there are too few days to show such a tail. */
export interface TailRisk {
  /** Historical value at risk: the loss that is exceeded on a share `1 - level` of the days. */
  readonly valueAtRisk: number | null;
  /** Historical expected shortfall: the mean loss of the worst share `1 - level` of the days. */
  readonly expectedShortfall: number | null;
}

/**
 * Historical value at risk as the quantile of type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages" (1996),
 * as numpy has it, and expected shortfall of Acerbi and Tasche, "On the coherence of expected shortfall" (2002), which
 * counts the day on the edge by its part. At least `1 / (1 - level)` returns are needed.
 * @param level such as 0.95.
 */
export function tailRisk(returns: Float64Array, level: number): TailRisk {
  const tail = Number((1 - level).toPrecision(12));
  if (returns.length * tail < 1) return { valueAtRisk: null, expectedShortfall: null };
  const sorted = returns.toSorted();
  return {
    valueAtRisk: finite(0 - quantile(sorted, tail)),
    expectedShortfall: finite(0 - meanOfWorst(sorted, tail)),
  };
}

/**
 * Quantile of type 7 of Hyndman and Fan (1996): linear between the order statistics.
 * @param sorted ascending, one value at least.
 * @param share from 0 to 1.
 */
export function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (place - below) * (high - low);
}

function meanOfWorst(sorted: Float64Array, tail: number): number {
  const count = sorted.length * tail;
  const whole = Math.floor(count);
  let total = 0;
  for (let index = 0; index < whole; index++) total += sorted[index]!;
  if (whole < sorted.length) total += (count - whole) * sorted[whole]!;
  return total / count;
}
