import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gaussianHmm, regimeOf, stateMeanings } from './index.ts';

const identity = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
const model = gaussianHmm('diagonal', {
  start: [0.5, 0.3, 0.2],
  transition: identity,
  means: [[0.001], [0], [-0.002]],
  covariances: [[1], [2], [3]],
});
/** The same states in another order, as after a match to a champion's. */
const shuffled = gaussianHmm('diagonal', {
  start: [0.2, 0.5, 0.3],
  transition: identity,
  means: [[-0.002], [0.001], [0]],
  covariances: [[3], [1], [2]],
});

test('trend weighs the sign of each mean return, risk is the wildest state', () => {
  const reading = regimeOf(stateMeanings(model), Float64Array.of(0.5, 0.3, 0.2));
  assert.equal(reading.state, 0);
  assert.ok(Math.abs(reading.trend - 0.3) < 1e-15);
  assert.equal(reading.risk, 0.2);
});

test('meaning comes from the parameters, whatever the order of the states', () => {
  const meanings = stateMeanings(shuffled);
  assert.deepEqual([...meanings.trends], [-1, 1, 0]);
  assert.deepEqual([...meanings.volatilityRanks], [2, 0, 1]);
  const reading = regimeOf(meanings, Float64Array.of(0.2, 0.5, 0.3));
  assert.equal(reading.state, 1);
  assert.ok(Math.abs(reading.trend - 0.3) < 1e-15);
  assert.equal(reading.risk, 0.2);
});

test('rounding never leaves the bounds of trend and risk', () => {
  const reading = regimeOf(stateMeanings(model), Float64Array.of(0, 0, 1 + 2e-16));
  assert.deepEqual(reading, { state: 2, trend: -1, risk: 1 });
});
