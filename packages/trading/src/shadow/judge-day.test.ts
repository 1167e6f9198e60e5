import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DayComparison } from './compare-day.ts';
import { judgeDay } from './judge-day.ts';

const THRESHOLDS = { alertBps: 20, reduceBps: 100, alertShare: 0.01, reduceShare: 0.1 };
const NOTHING = { data: '0', timing: '0', fill: '0', fee: '0', decision: '0' };
const slotOf = (slot: string, strategy: string, parts: Partial<typeof NOTHING> = {}) => ({
  ...NOTHING,
  ...parts,
  slot,
  strategy,
  difference: '0',
  late: '0',
  live: '0',
  shadow: '0',
});

/** A day of 200 decisions that began with 10,000. */
function dayOf(change: Partial<DayComparison> & { readonly differing?: number } = {}): DayComparison {
  const { differing = 0, ...rest } = change;
  return {
    equityStart: '10000',
    equityEnd: { live: '10000', shadow: '10000' },
    difference: '0',
    parts: { ...NOTHING, rest: '0' },
    slots: [slotOf('a', 'trend'), slotOf('b', 'maker')],
    decisions: {
      compared: 200,
      differing: 50,
      unexplained: differing,
      bySlot: new Map([
        ['a', { compared: 100, differing: 50, unexplained: differing }],
        ['b', { compared: 100, differing: 0, unexplained: 0 }],
      ]),
      differences: [],
    },
    fills: { live: 0, shadow: 0 },
    sameBars: { atEnd: true, now: true },
    ...rest,
  };
}

const verdictsOf = (day: DayComparison) => {
  const { verdict, strategies } = judgeDay(day, THRESHOLDS);
  return [verdict, ...strategies.map((each) => each.verdict)];
};

test('a day that came to the same is no matter', () => {
  assert.deepEqual(verdictsOf(dayOf()), ['same', 'same', 'same']);
});

test('each strategy is judged by its own part, by more than the threshold', () => {
  const days = [
    ['20', 'same'],
    ['20.01', 'alert'],
    ['-100', 'alert'],
    ['-100.01', 'reduce'],
  ] as const;
  for (const [fill, verdict] of days) {
    const slots = [slotOf('a', 'trend', { fill }), slotOf('b', 'maker')];
    assert.deepEqual(verdictsOf(dayOf({ slots })), [verdict, verdict, 'same'], fill);
  }
});

test('parts that cancel each other out still count, in all slots of a strategy', () => {
  const slots = [
    slotOf('a', 'trend', { fill: '-60', data: '60' }),
    slotOf('b', 'trend', { timing: '1' }),
    slotOf('c', 'maker'),
  ];
  const { strategies } = judgeDay(dayOf({ slots }), THRESHOLDS);
  assert.deepEqual(strategies[0], { strategy: 'trend', verdict: 'reduce', bps: 121, decisionShare: 0 });
});

test('decisions that differ on the same books count by their share', () => {
  assert.deepEqual(verdictsOf(dayOf({ differing: 1 })), ['same', 'same', 'same']);
  assert.deepEqual(verdictsOf(dayOf({ differing: 2 })), ['alert', 'alert', 'same']);
  assert.deepEqual(verdictsOf(dayOf({ differing: 11 })), ['reduce', 'reduce', 'same']);
});

test('money that nothing explains is an alert, and nobody is blamed', () => {
  const parts = { ...NOTHING, rest: '0.01' };
  assert.deepEqual(verdictsOf(dayOf({ parts })), ['alert', 'same', 'same']);
});

test('an account without equity cannot be judged', () => {
  for (const equityStart of ['0', '-1'])
    assert.throws(() => judgeDay(dayOf({ equityStart }), THRESHOLDS), RangeError);
});
