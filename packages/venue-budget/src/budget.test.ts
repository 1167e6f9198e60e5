import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PRIORITIES } from '@aistock/venues';
import { budgetOf, DATA_SHARES, fillMax, KNOWN_BUDGETS } from './budget.ts';

test('what was told wins over what is known, and a venue without either is asked ten times in ten seconds', () => {
  const told = { binance: { windows: [{ windowMs: 1000, weightMax: 3 }] } };
  assert.equal(budgetOf('binance', told), told.binance);
  assert.equal(budgetOf('binance'), KNOWN_BUDGETS['binance']);
  for (const unknown of ['nowhere', '__proto__', 'constructor']) {
    assert.deepEqual(budgetOf(unknown, told).windows, [{ windowMs: 10_000, weightMax: 10 }]);
  }
});

test('the less urgent may fill less of each window', () => {
  const budget = {
    windows: [
      { windowMs: 1000, weightMax: 10 },
      { windowMs: 60_000, weightMax: 100 },
    ],
  };
  assert.deepEqual(
    PRIORITIES.map((priority) => fillMax(budget, priority, 1)),
    [
      [10, 100],
      [9, 90],
      [8, 80],
      [7, 70],
    ],
  );
  assert.deepEqual(fillMax({ ...budget, shares: DATA_SHARES }, 'data', 1), [10, 100]);
});

test('a share too small for one request lets it through alone', () => {
  assert.deepEqual(fillMax({ windows: [{ windowMs: 1000, weightMax: 1 }] }, 'data', 1), [1]);
  assert.deepEqual(fillMax({ windows: [{ windowMs: 1000, weightMax: 10 }] }, 'data', 9), [9]);
});
