import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monthlyReturns } from './index.ts';

const close = (day: string) => Date.parse(day);

test('a month is measured from the end of the one before; a close at midnight belongs to the day that ends', () => {
  const atMs = Float64Array.from(
    ['2024-01-10', '2024-01-20', '2024-02-01', '2024-02-20', '2024-04-02'].map(close),
  );
  const equity = Float64Array.of(100, 110, 120, 90, 99);
  assert.deepEqual(
    monthlyReturns({ atMs, equity }, 'always').map((one) => ({
      ...one,
      return: Number(one.return!.toFixed(12)),
    })),
    [
      { year: 2024, month: 1, return: 0.2 },
      { year: 2024, month: 2, return: -0.25 },
      { year: 2024, month: 4, return: 0.1 },
    ],
  );
});

test('nothing is returned on nothing', () => {
  const atMs = Float64Array.from(['2024-01-10', '2024-01-20', '2024-02-20'].map(close));
  const months = monthlyReturns({ atMs, equity: Float64Array.of(100, 0, 5) }, 'always');
  assert.deepEqual(months, [
    { year: 2024, month: 1, return: -1 },
    { year: 2024, month: 2, return: null },
  ]);
  assert.deepEqual(monthlyReturns({ atMs: atMs.subarray(0, 1), equity: Float64Array.of(1) }, 'always'), []);
});
