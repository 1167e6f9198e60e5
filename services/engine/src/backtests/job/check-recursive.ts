import { sliceSeries } from '@aistock/trading/bars';
import type { BacktestSeries, BacktestTerms } from '@aistock/trading/backtest';
import { firstDifference } from '@aistock/trading/studies';
import { toDifference, type CheckResult, type LoggedRun } from './logged-run.ts';

/** Lengths of the warm-up, in lookbacks; the last is what the others are compared with. */
const FACTORS = [0.5, 1, 2, 4] as const;
const FACTOR_MAX = FACTORS[FACTORS.length - 1]!;

/** Bars that the check wants before the first that is traded. */
export const recursiveWarmUp = (lookbackBars: number): number => FACTOR_MAX * lookbackBars;

/**
 * Whether decisions depend on how much was seen before the strategy's own lookback: from one lookback of warm-up on they must
 * not. With half of one they may, and the first difference is told as well.
 */
export function checkRecursive(terms: BacktestTerms, lookbackBars: number, run: LoggedRun): CheckResult {
  const longest = recursiveWarmUp(lookbackBars);
  const whole = run(withWarmUp(terms, longest, longest));
  const differences: CheckResult['differences'] = [];
  let passed = true;
  for (const factor of FACTORS.slice(0, -1)) {
    const actual = run(withWarmUp(terms, longest, Math.ceil(factor * lookbackBars)));
    const found = firstDifference(whole, actual);
    if (!found) continue;
    differences.push(toDifference(`warm_up_x${factor}`, null, found));
    if (factor >= 1) passed = false;
  }
  const variants = FACTORS.length - 1;
  return { type: 'recursive', passed, variants, lines: variants * whole.length, differences };
}

/** Trades from the same bar on, after so many bars of warm-up. */
function withWarmUp(terms: BacktestTerms, longest: number, bars: number): BacktestTerms {
  const series = [...terms.series].map(([id, held]): [string, BacktestSeries] => {
    const first = Math.min(Math.max(held.warmUp, longest), held.series.length);
    const start = Math.max(0, first - bars);
    return [
      id,
      { ...held, series: sliceSeries(held.series, start, held.series.length), warmUp: first - start },
    ];
  });
  return { ...terms, series: new Map(series) };
}
