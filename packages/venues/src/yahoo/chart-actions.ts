import { compareDecimal, fromUnits, toUnits, type Calendar } from '@aistock/market';
import { SourceError } from '../bar-source.ts';
import { barValue } from '../bar-value.ts';
import type { CorporateAction } from '../corporate-action.ts';
import { openOf } from './chart-bars.ts';
import type { Chart } from './chart.ts';
import { floatText } from './float-text.ts';

type Split = Extract<CorporateAction, { kind: 'split' }>;
type Dividend = Extract<CorporateAction, { kind: 'dividend' }>;

/** One unit of a decimal, so that a whole number of them is a decimal's text. */
const ONE = toUnits('1');

/**
 * The splits and dividends of a chart, in order, one of each kind a day: a share that pays an ordinary and a special
 * dividend on one day pays their sum, and of two splits each holds for the shares of the other.
 * @throws SourceError `malformed_data` for shares that are not above zero or an amount below it.
 */
export function chartActions(chart: Chart, calendar: Calendar): CorporateAction[] {
  const exOpenMs = (timeMs: number): number => openOf(timeMs, chart, { timeframe: '1d', calendar });
  const splits = Object.values(chart.events?.splits ?? {}).map(({ date, numerator, denominator }): Split => ({
    kind: 'split',
    exOpenMs: exOpenMs(date),
    newShares: sharesOf(numerator, date),
    oldShares: sharesOf(denominator, date),
  }));
  const dividends = Object.values(chart.events?.dividends ?? {}).map(({ date, amount }): Dividend => ({
    kind: 'dividend',
    exOpenMs: exOpenMs(date),
    amount: amountOf(amount, date),
  }));
  return [...oneADay(splits, product), ...oneADay(dividends, sum)].toSorted(
    (a, b) => a.exOpenMs - b.exOpenMs,
  );
}

function sharesOf(text: string, timeMs: number): string {
  const shares = barValue(text, timeMs);
  if (compareDecimal(shares, '0') <= 0)
    throw new SourceError('malformed_data', `yahoo tells a split of ${shares} shares at ${timeMs}`);
  return shares;
}

function amountOf(text: string, timeMs: number): string {
  const amount = barValue(floatText(text), timeMs);
  if (compareDecimal(amount, '0') < 0)
    throw new SourceError('malformed_data', `yahoo tells a dividend of ${amount} at ${timeMs}`);
  return amount;
}

function oneADay<Action extends CorporateAction>(
  actions: readonly Action[],
  both: (a: Action, b: Action) => Action,
): Action[] {
  const days = Map.groupBy(actions, ({ exOpenMs }) => exOpenMs);
  return [...days.values()].map((ofDay) => ofDay.reduce(both));
}

function sum(a: Dividend, b: Dividend): Dividend {
  return { ...a, amount: barValue(fromUnits(toUnits(a.amount) + toUnits(b.amount)), a.exOpenMs) };
}

/** In lowest terms, so that the order in which they are told does not matter. */
function product(a: Split, b: Split): Split {
  const of = toUnits(a.newShares) * toUnits(b.newShares);
  const by = toUnits(a.oldShares) * toUnits(b.oldShares);
  const common = greatestCommonDivisor(of, by);
  const whole = (shares: bigint): string => barValue(fromUnits((shares / common) * ONE), a.exOpenMs);
  return { ...a, newShares: whole(of), oldShares: whole(by) };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}
