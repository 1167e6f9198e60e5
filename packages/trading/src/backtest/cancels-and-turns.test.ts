import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CostModel, Limits } from '@aistock/shared';
import { BarSeries } from '../bars/index.ts';
import {
  barOf,
  BAR_MS,
  enter,
  HOLD,
  leave,
  oneSlot,
  PARAMS,
  scripted,
  signal,
  stream,
} from '../core/desk.fixture.ts';
import type { Strategy } from '../strategies/index.ts';
import { runBacktest, type BacktestResult } from './index.ts';
import { FREE, LIMITS } from './reference.fixture.ts';

function run(
  strategy: Strategy,
  prices: readonly number[],
  changes: { readonly costs?: CostModel; readonly limits?: Limits } = {},
): BacktestResult {
  const { costs = FREE, limits = null } = changes;
  const rules = [{ fromMs: 0, lotSize: '0.01', tickSize: '0.01', notionalMin: '0' }];
  const setup = oneSlot(strategy, { limits, streams: [stream('BTC/USDT', { rules })] });
  const series = BarSeries.of(prices.map((price, index) => barOf(index * BAR_MS, price)));
  return runBacktest({
    setup,
    series: new Map(setup.streams.map(({ id }) => [id, { series, warmUp: 0 }])),
    costs,
    answers: {
      regimeAt: () => ({ regime: null, missing: 'none' }),
      paramsAt: () => ({ params: PARAMS, missing: null }),
    },
    record: null,
  });
}

test('a cancel takes effect before the next bar, whatever the latency', () => {
  const once = scripted(({ legs: [{ bars }] }) =>
    bars.count <= 2 ? signal('up', enter({ style: { type: 'limit', limitPrice: 90 } })) : HOLD,
  );
  const costs = { ...FREE, latency_ms: BAR_MS / 2 };
  const withdrawn = run(once, [100, 100, 100, 80], { costs });
  assert.deepEqual([withdrawn.orders.cancelled, withdrawn.orders.filled], [1, 0]);
  const inTime = run(once, [100, 100, 80, 80], { costs });
  assert.deepEqual([inTime.orders.cancelled, inTime.orders.filled], [0, 1]);
});

/** Buys with a share of the equity, and sells as much short at the next close. */
const turning = (equityFraction: number) =>
  scripted(({ legs: [{ bars, position }] }) => {
    if (bars.count === 1) return signal('up', enter({ equityFraction }));
    if (bars.count > 2) return HOLD;
    return signal('turn', ...(position ? [leave()] : []), enter({ side: 'sell', equityFraction }));
  });

test('a turn at one close leaves, and is denied its entry where the cash is in the position', () => {
  const all = run(turning(0.9), [100, 100, 100, 100], { limits: LIMITS });
  assert.deepEqual(all.denials, { cash_insufficient: 1 });
  assert.deepEqual([all.orders.filled, all.openAtEnd], [2, false]);
  const part = run(turning(0.4), [100, 100, 100, 100], { limits: LIMITS });
  assert.deepEqual(part.denials, {});
  assert.deepEqual([part.orders.filled, part.openAtEnd], [3, true]);
});
