import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BacktestResult } from '../terms.ts';
import { mergeResults } from './merge-results.ts';

function result(from: number, equity: readonly number[], exposure: number): BacktestResult {
  return {
    closes: equity.length - 1,
    bars: 10,
    equityStart: '100',
    equityEnd: String(equity.at(-1)),
    equityMs: Float64Array.from(equity, (_, at) => from + at),
    equity: Float64Array.from(equity),
    exposure,
    trades: [],
    orders: {
      sent: 1,
      denied: 0,
      filled: 1,
      expired: 0,
      cancelled: 0,
      exitsFilled: 0,
      fills: 1,
      staleFills: 0,
    },
    denials: { collar: 1 },
    reasons: { warming_up: 2 },
    costs: { fees: '0.1', slippage: '0.2', funding: '-0.3', turnover: '10' },
    openAtEnd: false,
    settled: 1,
  };
}

test('periods go on where the one before ended, and all else adds up', () => {
  const whole = mergeResults([result(0, [100, 110], 1), result(10, [100, 90, 120], 0)]);
  assert.deepEqual([...whole.equity], [100, 110, 99, 132]);
  assert.equal(Number(whole.equityEnd), 132);
  assert.deepEqual([whole.closes, whole.settled], [3, 2]);
  assert.equal(whole.exposure, 1 / 3);
  assert.deepEqual(whole.costs, { fees: '0.2', slippage: '0.4', funding: '-0.6', turnover: '20' });
  assert.deepEqual([whole.orders.sent, whole.denials, whole.reasons], [2, { collar: 2 }, { warming_up: 4 }]);
});

test('one period is what it is, and none is refused', () => {
  const one = result(0, [100, 110], 1);
  assert.equal(mergeResults([one]), one);
  assert.throws(() => mergeResults([]), RangeError);
});
