import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawdownMax, equityStatistics, sharpe } from './statistics.ts';

test('the Sharpe ratio agrees with empyrical on its own test series', () => {
  const returns = [0.01, 0.1, -0.04, 0.02, 0.03, 0.02, 0.01, -0.1];
  assert.ok(Math.abs(sharpe(returns, 252)! - 1.7238613961706866) < 1e-12);
});

test('a Sharpe ratio that is not defined is null', () => {
  assert.equal(sharpe([0.01], 252), null);
  assert.equal(sharpe([0, 0, 0], 252), null);
});

test('the drawdown is the deepest fall from a peak', () => {
  assert.equal(drawdownMax([100, 120, 90, 130, 117]), 0.25);
  assert.equal(drawdownMax([100, 101, 102]), 0);
});

test('an equity curve gives its return from first to last', () => {
  const statistics = equityStatistics([100, 110, 99], 252);
  assert.ok(Math.abs(statistics.returnTotal + 0.01) < 1e-12);
  assert.ok(Math.abs(statistics.drawdownMax - 0.1) < 1e-12);
  assert.deepEqual(equityStatistics([], 252), { returnTotal: 0, drawdownMax: 0, sharpeAnnual: null });
});
