import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '../bar.ts';
import { actionSteps } from './action-steps.ts';
import { adjustBars, type AdjustmentStep } from './adjust-bars.ts';
import type { CorporateAction } from './corporate-action.ts';

const DAY_MS = 86_400_000;
const LATER = 100 * DAY_MS;

function bar(day: number, close: string, volume = '1000'): Bar {
  return { openMs: day * DAY_MS, open: close, high: close, low: close, close, volume };
}
const closes = (bars: readonly Bar[]): string[] => bars.map(({ close }) => close);

/** Split of 4 for 1 before day 2, dividend of 5 before day 3. */
const BARS = [bar(0, '396'), bar(1, '400'), bar(2, '100'), bar(3, '95'), bar(4, '96')];
const ACTIONS: CorporateAction[] = [
  { kind: 'dividend', exOpenMs: 3 * DAY_MS, amount: '5' },
  { kind: 'split', exOpenMs: 2 * DAY_MS, newShares: '4', oldShares: '1' },
];
const steps = (): AdjustmentStep[] =>
  actionSteps(ACTIONS, (exOpenMs) => BARS.findLast(({ openMs }) => openMs < exOpenMs)?.close);

test('bars of before a split come in the shares of after it, volumes the other way', () => {
  const adjusted = adjustBars(BARS, steps(), { mode: 'split', asOfMs: LATER });
  assert.deepEqual(closes(adjusted), ['99', '100', '100', '95', '96']);
  assert.deepEqual(
    adjusted.map(({ volume }) => volume),
    ['4000', '4000', '1000', '1000', '1000'],
  );
});

test('dividends come off the bars before them, and leave volumes alone', () => {
  const adjusted = adjustBars(BARS, steps(), { mode: 'total', asOfMs: LATER });
  assert.deepEqual(closes(adjusted), ['94.05', '95', '95', '95', '96']);
  assert.equal(adjusted[0]?.volume, '4000');
});

test('raw bars stay as they are, and adjusting never changes what it was given', () => {
  const before = structuredClone(BARS);
  assert.deepEqual(adjustBars(BARS, steps(), { mode: 'raw', asOfMs: LATER }), BARS);
  adjustBars(BARS, steps(), { mode: 'total', asOfMs: LATER });
  assert.deepEqual(BARS, before);
});

const asOf = (day: number): string[] =>
  closes(adjustBars(BARS, steps(), { mode: 'total', asOfMs: day * DAY_MS }));

test('as of a day, only what had happened by then is worked in', () => {
  assert.deepEqual(asOf(1), ['396', '400', '100', '95', '96']);
  assert.deepEqual(asOf(2), ['99', '100', '100', '95', '96']);
  assert.deepEqual(asOf(3), ['94.05', '95', '95', '95', '96']);
});

test('a part of the bars is adjusted as it is in all of them', () => {
  const all = adjustBars(BARS, steps(), { mode: 'total', asOfMs: LATER });
  for (let from = 0; from < BARS.length; from++)
    assert.deepEqual(
      adjustBars(BARS.slice(from, from + 2), steps(), { mode: 'total', asOfMs: LATER }),
      all.slice(from, from + 2),
    );
});

const adjust = (given: AdjustmentStep[]): string =>
  adjustBars([bar(0, '2')], given, { mode: 'split', asOfMs: LATER })[0]!.close;

test('what does not come out even is rounded once, at the twelfth digit', () => {
  const third = actionSteps([{ kind: 'split', exOpenMs: DAY_MS, newShares: '3', oldShares: '1' }], () => '1');
  const back = actionSteps(
    [{ kind: 'split', exOpenMs: 2 * DAY_MS, newShares: '1', oldShares: '3' }],
    () => '1',
  );
  assert.equal(adjust(third), '0.666666666667');
  assert.equal(adjust([...third, ...back]), '2');
});

test('a dividend that nothing was traded before changes nothing, and one as large as the price is refused', () => {
  assert.deepEqual(
    actionSteps([ACTIONS[0]!], () => undefined),
    [],
  );
  for (const close of ['5', '4.99']) assert.throws(() => actionSteps([ACTIONS[0]!], () => close), RangeError);
});
