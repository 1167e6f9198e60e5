import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tradingDay } from './trading-day.ts';

const ms = (text: string): number => Date.parse(text);
const hours = (...parameters: Parameters<typeof tradingDay>): string | undefined => {
  const day = tradingDay(...parameters);
  return day && [day.fromMs, day.toMs].map((at) => new Date(at).toISOString().slice(5, 16)).join(' ');
};

test('round the clock the day is the one in UTC', () => {
  assert.equal(hours('always', ms('2024-07-02T23:59:59Z')), '07-02T00:00 07-03T00:00');
  assert.equal(hours('always', ms('2024-07-03T00:00Z')), '07-03T00:00 07-04T00:00');
});

test('a session counts until it ends, then the next one does; short days end early', () => {
  assert.equal(hours('xnys', ms('2024-07-02T19:59Z')), '07-02T13:30 07-02T20:00');
  assert.equal(hours('xnys', ms('2024-07-02T20:00Z')), '07-03T13:30 07-03T17:00', 'short day');
  assert.equal(hours('xnys', ms('2024-07-03T17:00Z')), '07-05T13:30 07-05T20:00', 'over the holiday');
  assert.equal(hours('xnys', ms('2024-07-02T20:00Z'), 'extended'), '07-02T08:00 07-03T00:00');
  for (const beyond of ['2036-01-02T16:00Z', '1997-12-31T16:00Z'])
    assert.equal(hours('xnys', ms(beyond)), undefined);
});

test('the week of currencies cuts the first and the last day', () => {
  assert.equal(hours('fx', ms('2024-03-08T12:00Z')), '03-08T00:00 03-08T22:00');
  assert.equal(hours('fx', ms('2024-03-09T12:00Z')), '03-10T21:00 03-11T00:00');
  assert.equal(hours('fx', ms('2024-03-11T00:00Z')), '03-11T00:00 03-12T00:00');
  assert.equal(hours('fx', ms('2036-01-09T12:00Z')), undefined);
});
