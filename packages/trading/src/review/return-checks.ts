import { meanTest } from '../honesty/index.ts';
import { dailyValues, returnsOf } from '../metrics/index.ts';
import type { ReviewInput } from './review-input.ts';
import { percentText, type Warning } from './warning.ts';

/** As LEAN's review has it. */
const SIGNIFICANT_BELOW = 0.05;
/** A choice by chance has a half; between there and none it fades. */
const OVERFITTING_MAX = 0.2;
const DEFLATED_SHARPE_MIN = 0.95;
const FLAT_SHARE_MAX = 0.25;
const FLAT_DAYS_MIN = 5;
const DAYS_MIN = 90;
/** An order of trades with a shallower drawdown than all but so many others was lucky. */
const LUCKY_BELOW = 0.05;

export function shortPeriod({ performance }: ReviewInput): Warning[] {
  const { days } = performance.daily;
  if (days >= DAYS_MIN) return [];
  const detail = `${days} trading days are too few for figures of a year; ${DAYS_MIN} are the least.`;
  return [{ code: 'short_period', severity: 'warning', detail, numbers: { days, days_min: DAYS_MIN } }];
}

/** The longest run of days on which equity did not move. */
export function flatEquity({ curve, calendar }: ReviewInput): Warning[] {
  const { start, values } = dailyValues(curve.atMs, curve.equity, calendar);
  let [longest, run] = [0, 0];
  for (const value of returnsOf(start, values)) {
    run = value === 0 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  if (longest < FLAT_DAYS_MIN || longest <= FLAT_SHARE_MAX * values.length) return [];
  const detail = `Equity did not move on ${longest} days in a row, of ${values.length}.`;
  return [
    {
      code: 'flat_equity',
      severity: 'warning',
      detail,
      numbers: { flat_days: longest, days: values.length },
    },
  ];
}

/** Whether the mean daily return can be told from zero: by Student's test, and by the bootstrap where days hang together. */
export function notSignificant({ curve, calendar, bootstrap }: ReviewInput): Warning[] {
  const { start, values } = dailyValues(curve.atMs, curve.equity, calendar);
  const test = meanTest(returnsOf(start, values));
  const pValue = Math.max(test?.pValue ?? 1, bootstrap?.meanPValue ?? 0);
  if (pValue <= SIGNIFICANT_BELOW) return [];
  const detail =
    test === null
      ? 'The daily returns do not differ: nothing can be said about their mean.'
      : `The mean daily return cannot be told from zero (p = ${pValue.toFixed(3)}, above ${SIGNIFICANT_BELOW}).`;
  return [
    {
      code: 'not_significant',
      severity: 'warning',
      detail,
      numbers: { p_value: pValue, days: values.length },
    },
  ];
}

export function luckOfTrials({ trials, deflatedSharpe }: ReviewInput): Warning[] {
  if (trials === null || deflatedSharpe === null || deflatedSharpe >= DEFLATED_SHARPE_MIN) return [];
  const detail = `With ${trials} ${trials === 1 ? 'configuration' : 'configurations'} tried, the probability that its Sharpe ratio is more than luck is ${percentText(deflatedSharpe)}; ${percentText(DEFLATED_SHARPE_MIN)} are wanted.`;
  return [
    {
      code: 'luck_of_trials',
      severity: 'warning',
      detail,
      numbers: { trials, deflated_sharpe: deflatedSharpe },
    },
  ];
}

export function overfitted({ overfitting }: ReviewInput): Warning[] {
  if (overfitting === null || overfitting <= OVERFITTING_MAX) return [];
  const detail = `Chosen on one half of the days, the best combination does no better than the median on the other half in ${percentText(overfitting)} of the splits; above ${percentText(OVERFITTING_MAX)} the choice says little.`;
  return [{ code: 'overfitted', severity: 'warning', detail, numbers: { probability: overfitting } }];
}

export function luckyOrder({ shuffle }: ReviewInput): Warning[] {
  if (shuffle === null || shuffle.drawdownPercentile >= LUCKY_BELOW) return [];
  const { drawdownActual, drawdownPercentile, drawdownMax } = shuffle;
  const detail = `Only ${percentText(drawdownPercentile)} of other orders of the same trades have a drawdown as shallow as ${percentText(drawdownActual)}; be ready for ${percentText(drawdownMax.p95)}.`;
  return [
    {
      code: 'lucky_order',
      severity: 'warning',
      detail,
      numbers: { percentile: drawdownPercentile, drawdown: drawdownActual, drawdown_p95: drawdownMax.p95 },
    },
  ];
}
