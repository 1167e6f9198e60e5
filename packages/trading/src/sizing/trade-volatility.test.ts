import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barsPerYear } from '@aistock/market';
import { BarCursor, BarSeries } from '../bars/index.ts';
import { DEFAULT_SIZING, FIXED_SIZING, sizingLookbackBars, tradeVolatility } from './index.ts';

function viewOf(closes: readonly number[]): BarCursor {
  const bars = closes.map((close, index) => {
    const text = String(close);
    return { openMs: index, open: text, high: text, low: text, close: text, volume: '1' };
  });
  return new BarCursor(BarSeries.of(bars), bars.length);
}

test('the deviation of log returns, n - 1, times the root of the bars of a year', () => {
  const closes = [100, 102, 99, 101, 104];
  const returns = closes.slice(1).map((close, index) => Math.log(close / closes[index]!));
  const mean = returns.reduce((sum, each) => sum + each, 0) / returns.length;
  const variance = returns.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (returns.length - 1);
  const expected = Math.sqrt(variance) * Math.sqrt(252);
  const actual = tradeVolatility(viewOf(closes), barsPerYear('1d', 'xnys'), 4);
  assert.ok(Math.abs(actual! - expected) < 1e-12, `${actual}`);
});

test('only the newest returns count', () => {
  const newest = [100, 102, 99, 101];
  assert.equal(tradeVolatility(viewOf([1, 500, ...newest]), 252, 3), tradeVolatility(viewOf(newest), 252, 3));
});

test('a price that stands still has none', () => {
  assert.equal(tradeVolatility(viewOf([5, 5, 5, 5]), 252, 3), 0);
});

test('too few bars, or a close that is no price, leave it unknown', () => {
  assert.equal(tradeVolatility(viewOf([100, 101, 102]), 252, 3), null);
  assert.equal(tradeVolatility(viewOf([100, 101, 102]), 252, 1), null);
  assert.notEqual(tradeVolatility(viewOf([100, 101, 103]), 252, 2), null);
  assert.equal(tradeVolatility(viewOf([100, 0, 102, 103]), 252, 3), null);
});

test('what it looks back on is one bar more than the returns', () => {
  assert.equal(sizingLookbackBars({ ...DEFAULT_SIZING, volatilityBars: 3 }), 4);
  assert.notEqual(tradeVolatility(viewOf([1, 2, 3, 4]), 252, 3), null);
  assert.equal(sizingLookbackBars(FIXED_SIZING), 0);
});
