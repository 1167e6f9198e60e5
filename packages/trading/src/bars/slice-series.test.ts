import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BarSeries } from './bar-series.ts';
import { sliceSeries } from './slice-series.ts';

/** The volume has more digits than float64 holds, of every second bar. */
const bars = Array.from({ length: 20 }, (_, at) => ({
  openMs: at * 60_000,
  open: '100.1',
  high: '101',
  low: '99.5',
  close: String(100 + at / 4),
  volume: at % 2 === 0 ? '1' : '12345678901234567.123456789',
}));
const series = BarSeries.of(bars);

test('a slice has its own bars and their digits, and the whole is no slice', () => {
  const part = sliceSeries(series, 3, 8);
  assert.equal(part.length, 5);
  for (let at = 0; at < 5; at++) assert.deepEqual(part.exact(at), bars[at + 3]);
  assert.equal(sliceSeries(series, 0, series.length), series);
});
