import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order } from '@aistock/shared';
import type { OrderRequest } from '@aistock/trading/core';
import { clientOrderId, exitDecisionId } from '@aistock/trading/orders';
import { intentOf, OrderTracker } from './order-tracker.ts';

const DECISION = 'a'.repeat(64);
const REQUEST: OrderRequest = {
  decisionId: DECISION,
  slot: 'one',
  strategy: 'trend_following',
  instrument: 'FAKE',
  stream: 'csv:FAKE:1d',
  leg: 'entry',
  configId: '3f0c5a56-8a39-4a0e-9a2b-5f6f0b8f7a12',
  side: 'buy',
  type: 'market',
  quantity: '2',
  limitPrice: null,
  stopPrice: null,
  trailBps: null,
  timeInForce: 'gtc',
  extendedHours: false,
  reduceOnly: false,
  protection: { stopPrice: '90', targetPrice: null, trailBps: null },
  barOpenMs: 1,
  asOfMs: 2,
};
const EXIT = exitDecisionId(clientOrderId(DECISION), 'stop');

const orderOf = (change: Partial<Order>): Order => {
  const { bar_open_ms: _barOpenMs, ...kept } = intentOf('paper', REQUEST);
  return {
    ...kept,
    order_id: '3f0c5a56-8a39-4a0e-9a2b-5f6f0b8f7a13',
    client_order_id: clientOrderId(DECISION),
    parent: null,
    status: 'WORKING',
    filled_quantity: '0',
    average_price: null,
    fees: '0',
    permit_id: null,
    broker_order_id: null,
    denials: [],
    reason: null,
    fills: [],
    created_ms: 0,
    updated_ms: 0,
    ...change,
  };
};
const fill = (fillId: string, filledMs: number) => ({
  venue: 'paper',
  fill_id: fillId,
  quantity: '1',
  price: '100',
  fee: '0',
  fee_currency: 'USD',
  filled_ms: filledMs,
});
const tracked = (): OrderTracker => {
  const tracker = new OrderTracker();
  tracker.decided({ orders: [REQUEST], cancels: [] });
  return tracker;
};
/** Tells all news, and answers them in short. */
const tell = (tracker: OrderTracker, ...orders: Order[]) =>
  tracker.news(orders).map((event) => {
    tracker.told(event);
    return event.type === 'fill'
      ? `${event.protection ?? 'own'} ${event.fillId}`
      : `${event.protection ?? 'own'} ${event.status}`;
  });

test('what was told is no news; fills come in the order of time and number, and before the state', () => {
  const tracker = tracked();
  assert.equal(tracker.unsettled.length, 1, 'not sent yet');
  assert.deepEqual(tell(tracker, orderOf({})), ['own WORKING']);
  assert.deepEqual(tell(tracker, orderOf({})), []);
  const filled = orderOf({ status: 'FILLED', fills: [fill('10', 5), fill('9', 5)] });
  assert.deepEqual(tell(tracker, filled), ['own paper 9', 'own paper 10', 'own FILLED']);
  assert.deepEqual(tell(tracker, filled), []);
});

test('an entry stays open while its exit can fill; the end of both is the end', () => {
  const tracker = tracked();
  tell(tracker, orderOf({ status: 'FILLED', fills: [fill('1', 5)] }));
  assert.equal(tracker.isWaiting, true);
  const exit = { decision_id: EXIT, side: 'sell' } as const;
  assert.equal(tracker.knows(orderOf(exit)), true);
  assert.deepEqual(tell(tracker, orderOf({ ...exit, status: 'PENDING' })), [], 'it waits for its entry');
  assert.deepEqual(tell(tracker, orderOf({ ...exit, status: 'FILLED', fills: [fill('2', 9)] })), [
    'stop paper 2',
    'stop FILLED',
  ]);
  assert.equal(tracker.isWaiting, false);
  assert.equal(tracker.knows(orderOf(exit)), false);
});

test('an entry that ended without a fill has no exits to wait for', () => {
  const tracker = tracked();
  assert.deepEqual(tell(tracker, orderOf({ status: 'DENIED' })), ['own DENIED']);
  assert.equal(tracker.isWaiting, false);
});

test('an order of somebody else is none of its business', () => {
  const other = orderOf({ decision_id: 'b'.repeat(64) });
  assert.deepEqual([tracked().knows(other), tracked().news([other])], [false, []]);
});

test('it comes back from a snapshot, with what it was told and what is to be taken back', () => {
  const tracker = tracked();
  tell(tracker, orderOf({ status: 'UNKNOWN' }));
  tracker.decided({ orders: [], cancels: [DECISION] });
  const again = new OrderTracker(structuredClone(tracker.open));
  assert.deepEqual(
    again.open.map(({ isTakenBack, own, orderId }) => [isTakenBack, own.status, orderId]),
    [[true, 'UNKNOWN', orderOf({}).order_id]],
  );
  assert.equal(again.unsettled.length, 1);
  assert.deepEqual(tell(again, orderOf({ status: 'UNKNOWN' })), []);
});
