import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countExpectedBars, expectedOpens, type BarSchedule } from './calendar.ts';
import type { ExchangeDay } from './exchange-day.ts';
import { findGaps } from './quality/gaps.ts';
import { reconcileCalendar, xnysDays } from './reconcile-calendar.ts';

const ms = (text: string): number => Date.parse(text);
const [FROM_MS, TO_MS] = [ms('2024-11-25'), ms('2024-12-07')];
const ours = xnysDays(FROM_MS, TO_MS);

function changed(day: string, change: Partial<ExchangeDay> | undefined): ExchangeDay[] {
  return ours.flatMap((each) => (each.day === day ? (change ? [{ ...each, ...change }] : []) : [each]));
}

const expected = (closed: BarSchedule['closed'], schedule: Partial<BarSchedule> = {}): number =>
  countExpectedBars(FROM_MS, TO_MS, {
    timeframe: '1d',
    calendar: 'xnys',
    ...schedule,
    ...(closed && { closed }),
  });

test('the sessions of the table as days', () => {
  assert.deepEqual(
    ours.map(({ day }) => day.slice(5)),
    ['11-25', '11-26', '11-27', '11-29', '12-02', '12-03', '12-04', '12-05', '12-06'],
  );
  assert.deepEqual(ours[3], {
    day: '2024-11-29',
    opensMs: ms('2024-11-29T14:30Z'),
    closesMs: ms('2024-11-29T18:00Z'),
  });
});

test('equal calendars differ in nothing; what theirs does not reach is not compared', () => {
  assert.deepEqual(reconcileCalendar(ours, ours), { differences: [], closed: [] });
  assert.deepEqual(reconcileCalendar(ours, ours.slice(2, 5)).differences, []);
  assert.deepEqual(reconcileCalendar(ours, []), { differences: [], closed: [] });
});

test('a closure that the table does not know: no bar of that day is missing', () => {
  const { differences, closed } = reconcileCalendar(ours, changed('2024-12-04', undefined));
  assert.deepEqual(
    differences.map(({ day, theirs }) => [day, theirs]),
    [['2024-12-04', undefined]],
  );
  assert.equal(expected(undefined) - expected(closed), 1);
  for (const sessions of ['regular', 'extended'] as const) {
    const minutes = { timeframe: '1m', sessions } as const;
    assert.equal(
      expected(undefined, minutes) - expected(closed, minutes),
      sessions === 'regular' ? 390 : 960,
    );
  }
  const opens = [...expectedOpens(FROM_MS, TO_MS, { timeframe: '1d', calendar: 'xnys', closed })];
  assert.deepEqual(findGaps(opens, { timeframe: '1d', calendar: 'xnys', closed }), []);
  assert.equal(findGaps(opens, { timeframe: '1d', calendar: 'xnys' }).length, 1);
});

test('the earlier close is used, whichever calendar has it', () => {
  const theirs = changed('2024-12-04', { closesMs: ms('2024-12-04T18:00Z') });
  const { differences, closed } = reconcileCalendar(ours, theirs);
  assert.equal(differences.length, 1);
  assert.equal(expected(closed), expected(undefined), 'the day itself is expected');
  const minutes = { timeframe: '1m' } as const;
  assert.equal(expected(undefined, minutes) - expected(closed, minutes), 180);
  const opens = [...expectedOpens(FROM_MS, TO_MS, { ...minutes, calendar: 'xnys', closed })];
  assert.equal(opens.length, expected(closed, minutes));
  assert.ok(!opens.includes(ms('2024-12-04T18:00Z')) && opens.includes(ms('2024-12-04T17:59Z')));

  const later = reconcileCalendar(ours, changed('2024-11-29', { closesMs: ms('2024-11-29T21:00Z') }));
  assert.deepEqual([later.differences.length, later.closed], [1, []]);
});

test('the later opening is used, and a day that only they have is told', () => {
  const late = reconcileCalendar(ours, changed('2024-12-04', { opensMs: ms('2024-12-04T15:00Z') }));
  assert.equal(expected(undefined, { timeframe: '1m' }) - expected(late.closed, { timeframe: '1m' }), 30);
  const extra = { day: '2024-11-28', opensMs: ms('2024-11-28T14:30Z'), closesMs: ms('2024-11-28T21:00Z') };
  const more = reconcileCalendar(ours, [...ours.slice(0, 3), extra, ...ours.slice(3)]);
  assert.deepEqual(more, {
    differences: [{ day: '2024-11-28', ours: undefined, theirs: extra }],
    closed: [],
  });
});
