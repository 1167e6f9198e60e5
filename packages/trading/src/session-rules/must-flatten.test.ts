import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeMs, expectedOpens, fxWeekAt, type Timeframe, type XnysSession } from '@aistock/market';
import { DEFAULT_ORDERS } from '../core/order-policy.ts';
import { flattenAtMs, mustFlatten } from './index.ts';
import { daysAroundClockChanges, everyNth, HOUR_MS, MINUTE_MS, shortDays } from './xnys-days.fixture.ts';

const TIMEFRAMES = ['1m', '5m', '15m', '30m', '1h', '4h'] as const;
const BEFORE_MS = [0, MINUTE_MS, 5 * MINUTE_MS, 45 * MINUTE_MS];

function policy(flattenBeforeCloseMs: number | null) {
  return { ...DEFAULT_ORDERS, flattenBeforeCloseMs };
}

/** When the bars of a day close, and whether everything is to be left then. */
function closesOf(day: XnysSession, timeframe: Timeframe, flattenMs: number | null) {
  const opens = [
    ...expectedOpens(day.midnightMs, day.midnightMs + 24 * HOUR_MS, {
      timeframe,
      calendar: 'xnys',
      sessions: 'extended',
    }),
  ];
  const closes = opens.map((open) => closeMs(open, timeframe, 'xnys'));
  return closes.map((close, index) => {
    const nextMs = closes[index + 1] ?? close + 24 * HOUR_MS;
    return { close, nextMs, flatten: mustFlatten(policy(flattenMs), 'xnys', close, nextMs) };
  });
}

const DAYS = [
  ['every short day', shortDays()],
  ['every day at a change of the clock', daysAroundClockChanges()],
  ['every 50th day', everyNth(50)],
] as const;

for (const [name, days] of DAYS)
  test(`on ${name}, all is left at the last close that is early enough, and not before`, () => {
    assert.ok(days.length > 80, `${days.length} days`);
    for (const day of days)
      for (const timeframe of TIMEFRAMES)
        for (const flattenMs of BEFORE_MS) {
          const deadlineMs = day.regular.toMs - flattenMs;
          const closes = closesOf(day, timeframe, flattenMs);
          const early = closes.filter(({ close }) => close <= deadlineMs && close < day.regular.toMs);
          assert.deepEqual(
            early.filter(({ flatten }) => flatten).map(({ close }) => close),
            [early.at(-1)!.close],
            `${new Date(day.midnightMs).toISOString()} ${timeframe} ${flattenMs}`,
          );
          assert.ok(closes.every(({ close, flatten }) => close < early.at(-1)!.close || flatten));
        }
  });

test('on a short day with a bar that reaches over its end, all is left before that bar', () => {
  const [day] = shortDays();
  const noon = day!.midnightMs + 12 * HOUR_MS;
  assert.equal(mustFlatten(policy(0), 'xnys', noon, noon + 4 * HOUR_MS), true);
  assert.equal(mustFlatten(policy(0), 'xnys', noon - 4 * HOUR_MS, noon), false);
});

test('a time that is longer than the session leaves at each close of it', () => {
  const [day] = shortDays();
  assert.ok(closesOf(day!, '1h', 24 * HOUR_MS).every(({ flatten }) => flatten));
});

test('nothing is left for the night where the policy holds, nor where the market never closes', () => {
  const [day] = shortDays();
  assert.ok(closesOf(day!, '5m', null).every(({ flatten }) => !flatten));
  assert.equal(mustFlatten(policy(HOUR_MS), 'always', day!.regular.toMs, day!.regular.toMs + 1), false);
});

test('currencies are left before the week ends', () => {
  const week = fxWeekAt(Date.parse('2024-07-03T12:00Z'))!;
  const hour = (before: number) => week.toMs - before * HOUR_MS;
  assert.equal(mustFlatten(policy(HOUR_MS), 'fx', hour(2), hour(1)), false);
  assert.equal(mustFlatten(policy(HOUR_MS), 'fx', hour(1), hour(0)), true);
  assert.equal(mustFlatten(policy(HOUR_MS), 'fx', hour(0), hour(0) + 48 * HOUR_MS), true);
});

test('entries resume with the first close of the next session', () => {
  for (const day of shortDays()) {
    const nextDayMs = day.midnightMs + 24 * HOUR_MS;
    const [open] = expectedOpens(nextDayMs, nextDayMs + 10 * 24 * HOUR_MS, {
      timeframe: '5m',
      calendar: 'xnys',
    });
    const close = open! + 5 * MINUTE_MS;
    assert.equal(mustFlatten(policy(5 * MINUTE_MS), 'xnys', close, close + 5 * MINUTE_MS), false);
  }
});

test('the clock leaves when the bar that closes then would have', () => {
  for (const day of [...shortDays().slice(0, 20), ...daysAroundClockChanges().slice(0, 20)])
    for (const timeframe of TIMEFRAMES)
      for (const beforeMs of BEFORE_MS) {
        const schedule = { timeframe, calendar: 'xnys' } as const;
        const closes = [...expectedOpens(day.regular.fromMs, day.regular.toMs, schedule)].map((open) =>
          closeMs(open, timeframe, 'xnys'),
        );
        const due = closes.find((close, index) =>
          mustFlatten(policy(beforeMs), 'xnys', close, closes[index + 1] ?? close + HOUR_MS),
        );
        const [first] = closes;
        const atMs = flattenAtMs(policy(beforeMs), schedule, first!);
        assert.equal(atMs ?? first, due, `${timeframe} ${beforeMs} ${new Date(first!).toISOString()}`);
      }
});

test('the clock leaves nothing without a policy, on daily bars, and where the market never closes', () => {
  const atMs = Date.UTC(2024, 2, 5, 15);
  assert.equal(flattenAtMs(policy(null), { timeframe: '5m', calendar: 'xnys' }, atMs), undefined);
  assert.equal(flattenAtMs(policy(0), { timeframe: '1d', calendar: 'xnys' }, atMs), undefined);
  assert.equal(flattenAtMs(policy(0), { timeframe: '5m', calendar: 'always' }, atMs), undefined);
  const friday = Date.UTC(2024, 2, 8, 20);
  assert.equal(
    flattenAtMs(policy(0), { timeframe: '5m', calendar: 'fx' }, friday),
    fxWeekAt(friday)!.toMs - 5 * MINUTE_MS,
  );
});
