import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order } from '@aistock/shared';
import { roundTrip } from './round-trip.ts';

const ORDER: Order = {
  order_id: '6a2f0f0e-36a5-4b1f-8ec4-0d9b8c8f0f11',
  client_order_id: 'as0000000000000000',
  decision_id: '0'.repeat(64),
  account: 'paper',
  strategy: 'trend_following',
  instrument: 'SP500',
  stream: 'csv:SP500:1d',
  leg: 'entry',
  config_id: '6a2f0f0e-36a5-4b1f-8ec4-0d9b8c8f0f11',
  side: 'buy',
  order_type: 'market',
  quantity: '10',
  limit_price: null,
  time_in_force: 'gtc',
  reduce_only: false,
  status: 'WORKING',
  filled_quantity: '0',
  average_price: null,
  fees: '0',
  permit_id: null,
  broker_order_id: null,
  denials: [],
  reason: null,
  fills: [],
  as_of_ms: 0,
  created_ms: 0,
  updated_ms: 0,
};
const filled = (side: 'buy' | 'sell', price: string, filledMs: number): Order => ({
  ...ORDER,
  side,
  status: 'FILLED',
  fills: [
    { venue: 'paper', fill_id: `${side}${filledMs}`, quantity: '10', price, fee: '1', filled_ms: filledMs },
  ],
});

test('without orders there is nothing', () => {
  const trip = roundTrip([]);
  assert.deepEqual(
    [trip.position.quantity, trip.entryMs, trip.working, trip.outcome],
    ['0', null, false, null],
  );
});

test('an order that may still fill is working, one that was denied is not', () => {
  assert.equal(roundTrip([ORDER]).working, true);
  assert.equal(roundTrip([{ ...ORDER, status: 'DENIED' }]).working, false);
});

test('an entry that filled is a position without an outcome', () => {
  const trip = roundTrip([filled('buy', '100', 5)]);
  assert.deepEqual(
    [trip.position.quantity, trip.position.averagePrice, trip.entryMs, trip.outcome],
    ['10', '100', 5, null],
  );
});

test('an exit makes the outcome: profit after fees over the notional of the entry', () => {
  const orders = [filled('sell', '110', 9), filled('buy', '100', 5)];
  assert.deepEqual(roundTrip(orders).outcome, { reward: 98 / 1000, closedMs: 9 });
});

test('a loss is a negative reward', () => {
  const trip = roundTrip([filled('buy', '100', 5), filled('sell', '99.5', 6)]);
  assert.equal(trip.outcome?.reward, -7 / 1000);
});
