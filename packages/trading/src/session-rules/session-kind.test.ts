import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sessionDayMs, sessionKind, workingSession } from './index.ts';
import { daysAroundClockChanges, HOUR_MS, sessionOf, shortDays } from './xnys-days.fixture.ts';

const at = (text: string): number => Date.parse(text);

test('the hours of an ordinary day in New York, summer and winter', () => {
  const hours = [
    ['03:59', 'closed'],
    ['04:00', 'pre'],
    ['09:29', 'pre'],
    ['09:30', 'rth'],
    ['15:59', 'rth'],
    ['16:00', 'aft'],
    ['19:59', 'aft'],
    ['20:00', 'closed'],
  ] as const;
  for (const [time, kind] of hours) {
    assert.equal(sessionKind('xnys', at(`2024-07-30T${time}:00-04:00`)), kind, `summer ${time}`);
    assert.equal(sessionKind('xnys', at(`2024-12-10T${time}:00-05:00`)), kind, `winter ${time}`);
  }
});

test('on every short day the regular hours end at 13:00 and the hours after at 17:00', () => {
  const days = shortDays();
  assert.ok(days.length > 80, `${days.length} short days`);
  for (const { midnightMs } of days) {
    assert.equal(sessionKind('xnys', midnightMs + 13 * HOUR_MS - 1), 'rth');
    assert.equal(sessionKind('xnys', midnightMs + 13 * HOUR_MS), 'aft');
    assert.equal(sessionKind('xnys', midnightMs + 17 * HOUR_MS - 1), 'aft');
    assert.equal(sessionKind('xnys', midnightMs + 17 * HOUR_MS), 'closed');
  }
});

test('the hours hold on both sides of each change of the clock', () => {
  const days = daysAroundClockChanges();
  assert.ok(days.length > 140, `${days.length} days`);
  for (const { midnightMs } of days) {
    assert.equal(sessionKind('xnys', midnightMs + 9.5 * HOUR_MS - 1), 'pre');
    assert.equal(sessionKind('xnys', midnightMs + 9.5 * HOUR_MS), 'rth');
  }
});

test('weekends, holidays and years without a calendar are closed', () => {
  for (const time of ['2024-07-06T12:00-04:00', '2024-07-04T12:00-04:00', '2040-07-03T12:00-04:00'])
    assert.equal(sessionKind('xnys', at(time)), 'closed', time);
});

test('currencies trade from Sunday to Friday 17:00 in New York, crypto always', () => {
  assert.equal(sessionKind('fx', at('2024-07-07T16:59-04:00')), 'closed');
  assert.equal(sessionKind('fx', at('2024-07-07T17:00-04:00')), 'rth');
  assert.equal(sessionKind('fx', at('2024-07-04T12:00-04:00')), 'rth');
  assert.equal(sessionKind('fx', at('2024-07-05T17:00-04:00')), 'closed');
  assert.equal(sessionKind('always', at('2024-07-06T03:00Z')), 'rth');
});

test('what is decided on a daily bar waits for the next regular session', () => {
  const { regular } = sessionOf('2024-11-29');
  assert.equal(workingSession('xnys', '1d', regular.toMs), 'rth');
  assert.equal(workingSession('xnys', '1m', regular.toMs), 'aft');
  assert.equal(workingSession('fx', '1d', at('2024-07-05T17:00-04:00')), 'rth');
});

test('throttles count by the day in New York, else by the UTC day', () => {
  const { midnightMs, extended } = sessionOf('2024-11-29');
  assert.equal(sessionDayMs('xnys', extended.fromMs), midnightMs);
  assert.equal(sessionDayMs('xnys', extended.toMs), midnightMs);
  assert.equal(sessionDayMs('xnys', at('2024-07-06T12:00Z')), at('2024-07-06T00:00Z'));
  assert.equal(sessionDayMs('always', at('2024-07-06T23:59:59Z')), at('2024-07-06T00:00Z'));
  assert.equal(sessionDayMs('fx', at('2024-07-03T23:59:59Z')), at('2024-07-03T00:00Z'));
});
