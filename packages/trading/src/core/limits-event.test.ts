import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Limits } from '@aistock/shared';
import { Desk, enter, oneSlot, scripted, signal } from './desk.fixture.ts';

const buyer = scripted(() => signal('up', enter()));

const limitsOf = (notionalMax: string, lotSize = '0.1'): Limits => ({
  account: 'paper',
  clock: 'replay',
  strategies: ['scripted'],
  restricted: [],
  duplicate_window_ms: 0,
  gross_notional_max: '1000000',
  instruments: {
    'BTC/USDT': {
      price_stream: 'sim:BTC/USDT:5m',
      price_age_ms_max: 1,
      tick_size: '0.01',
      lot_size: lotSize,
      quantity_max: '1000000',
      notional_min: '0',
      notional_max: notionalMax,
      collar_bps: 1_000,
      stop_distance_bps_max: 9_000,
      gross_notional_max: '1000000',
    },
  },
});

test('limits that are told hold from then on, with their lot, and in what is made of a snapshot', () => {
  const desk = new Desk(oneSlot(buyer, { limits: limitsOf('400') }));
  const first = desk.bar(100).orders[0]!;
  assert.equal(first.quantity, '4');
  desk.order(first, 'CANCELLED');
  desk.tell({ type: 'limits', limits: limitsOf('250', '1') });
  const second = desk.bar(100).orders[0]!;
  assert.equal(second.quantity, '2');
  desk.order(second, 'CANCELLED');
  desk.resume();
  assert.equal(desk.bar(100).orders[0]?.quantity, '2');
});

test('of an instrument that they leave out nothing is entered', () => {
  const desk = new Desk(oneSlot(buyer, { limits: limitsOf('400') }));
  desk.tell({ type: 'limits', limits: { ...limitsOf('400'), instruments: {} } });
  assert.deepEqual(desk.bar(100).orders, []);
});
