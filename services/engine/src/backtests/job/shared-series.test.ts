import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BarSeries } from '@aistock/trading/bars';
import { seriesOf, shareSeries } from './shared-series.ts';

/** The volume has more digits than float64 holds, of every second bar. */
const bars = Array.from({ length: 2_000 }, (_, at) => ({
  openMs: at * 60_000,
  open: '100.1',
  high: '101',
  low: '99.5',
  close: String(100 + at / 4),
  volume: at % 2 === 0 ? '1' : '12345678901234567.123456789',
}));
const series = BarSeries.of(bars);

test('a series comes out of shared memory as it went in, to the last digit', () => {
  const there = seriesOf(structuredClone(shareSeries(series)));
  assert.equal(there.length, bars.length);
  for (const [at, bar] of bars.entries()) assert.deepEqual(there.exact(at), bar);
});

test('threads look at the same memory', () => {
  const shared = shareSeries(series);
  const there = seriesOf(structuredClone(shared));
  assert.ok(shared.columns.close.buffer instanceof SharedArrayBuffer);
  shared.columns.close[1_000] = 7;
  assert.equal(there.close[1_000], 7);
});
