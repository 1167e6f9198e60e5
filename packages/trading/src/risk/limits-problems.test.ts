import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Limits } from '@aistock/shared';
import { limitsProblems } from './index.ts';

const instrument: Limits['instruments'][string] = {
  price_stream: 'csv:BTC/USDT:1d',
  price_age_ms_max: 60_000,
  tick_size: '0.5',
  lot_size: '0.1',
  quantity_max: '10',
  notional_min: '10',
  notional_max: '10.0',
  collar_bps: 500,
  gross_notional_max: '2000',
};

const limits = (change: Partial<typeof instrument>, name = 'BTC/USDT'): Limits => ({
  account: 'paper',
  clock: 'replay',
  strategies: ['trend_following'],
  restricted: [],
  duplicate_window_ms: 0,
  gross_notional_max: '1',
  instruments: { [name]: { ...instrument, ...change } },
});

test('limits whose parts fit have no problem', () => {
  assert.deepEqual(limitsProblems(limits({})), []);
  const swap = limits({ price_stream: 'binance:BTC/USDT:USDT:1m' }, 'BTC/USDT:USDT');
  assert.deepEqual(limitsProblems(swap), []);
});

test('a price stream of another instrument, and a minimum above the maximum, are told by field', () => {
  assert.deepEqual(limitsProblems(limits({ price_stream: 'csv:ETH/USDT:1d', notional_min: '10.01' })), [
    { field: 'instruments.BTC/USDT.price_stream', message: 'must be a stream of BTC/USDT' },
    { field: 'instruments.BTC/USDT.notional_min', message: 'must not be above notional_max' },
  ]);
});
