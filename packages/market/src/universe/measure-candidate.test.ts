import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '../bar.ts';
import { measureCandidate } from './measure-candidate.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2024, 0, 1);
const bar = (day: number, close: string, volume: string): Bar => ({
  openMs: START_MS + day * DAY_MS,
  open: close,
  high: String(Number(close) * 1.01),
  low: String(Number(close) * 0.99),
  close,
  volume,
});
const terms = {
  calendar: 'always',
  firstOpenMs: START_MS - 99 * DAY_MS,
  asOfMs: START_MS + 5 * DAY_MS,
} as const;

test('price, dollar volume, age and volatility of a few days', () => {
  const bars = [bar(0, '100', '5'), bar(1, '110', '1'), bar(2, '100', '3'), bar(3, '110', '9')];
  const measured = measureCandidate(bars, terms);
  assert.deepEqual([measured.price, measured.ageDays], ['110', 104]);
  assert.equal(measured.dollarVolume, (300 + 500) / 2);
  // Returns of +l, -l, +l with l = ln 1.1: their mean is l / 3 and their deviation l √8 / 3.
  const expected = ((Math.log(1.1) * Math.sqrt(8)) / 3) * Math.sqrt(365);
  assert.ok(Math.abs(measured.volatility - expected) < 1e-12);
});

test('days that do not follow one another make no return', () => {
  const bars = [bar(0, '100', '1'), bar(1, '100', '1'), bar(3, '900', '1'), bar(4, '900', '1')];
  assert.equal(measureCandidate(bars, terms).volatility, 0);
  const apart = measureCandidate([bar(0, '100', '1'), bar(3, '100', '1')], terms);
  assert.deepEqual([apart.volatility, apart.spreadBps], [Number.NaN, Number.NaN]);
});

test('a weekend of the New York Stock Exchange is no gap', () => {
  const bars = [5, 8, 9].map((day) => ({ ...bar(0, '100', '1'), openMs: Date.UTC(2024, 0, day, 5) }));
  assert.equal(measureCandidate(bars, { ...terms, calendar: 'xnys' }).volatility, 0);
});

test('still prices between bid and ask: the spread is the range', () => {
  const bars = [bar(0, '100', '1'), bar(1, '100', '1'), bar(2, '100', '1')];
  assert.ok(Math.abs(measureCandidate(bars, terms).spreadBps - 200) < 1e-9);
});
