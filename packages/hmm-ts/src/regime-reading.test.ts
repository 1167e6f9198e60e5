import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gaussianHmm, regimeOf, trendSigns } from './index.ts';

const model = gaussianHmm('diagonal', {
  start: [0.5, 0.3, 0.2],
  transition: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  means: [[0.001], [0], [-0.002]],
  covariances: [[1], [2], [3]],
});

test('trend weighs the sign of each mean return, risk is the wildest state', () => {
  const reading = regimeOf(trendSigns(model), Float64Array.of(0.5, 0.3, 0.2));
  assert.equal(reading.state, 0);
  assert.ok(Math.abs(reading.trend - 0.3) < 1e-15);
  assert.equal(reading.risk, 0.2);
});

test('rounding never leaves the bounds of trend and risk', () => {
  const reading = regimeOf(trendSigns(model), Float64Array.of(0, 0, 1 + 2e-16));
  assert.deepEqual(reading, { state: 2, trend: -1, risk: 1 });
});
