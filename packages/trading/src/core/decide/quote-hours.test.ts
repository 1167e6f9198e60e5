import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BAR_MS, Desk, oneSlot, scripted, signal, stream } from '../desk.fixture.ts';
import { DEFAULT_ORDERS } from '../index.ts';

const maker = scripted(({ legs: [{ bars }] }) =>
  signal('quoting', {
    kind: 'quote',
    leg: 0,
    quotes: [{ side: 'buy', price: bars.close(0) - 1, equityFraction: 0.1 }],
  }),
);

/** What is decided on a bar that closes at a time. */
function quotedAt(time: string, extendedHours: boolean) {
  const streams = [stream('SPY', { calendar: 'xnys' })];
  const desk = new Desk(
    oneSlot(maker, { currency: 'USD', streams, orders: { ...DEFAULT_ORDERS, extendedHours } }),
  );
  desk.atMs = Date.parse(time) - BAR_MS;
  const { orders, reasons } = desk.bar(100);
  const told = orders.map((order) => `${order.limitPrice} ${order.timeInForce} ${order.extendedHours}`);
  return [...told, ...reasons];
}

test('a quote works in the hours that it is made in, or is refused with the reason', () => {
  assert.deepEqual(quotedAt('2024-03-05T15:00:00Z', true), ['99 day false', 'quoting']);
  assert.deepEqual(quotedAt('2024-03-05T13:00:00Z', true), ['99 day true', 'quoting']);
  assert.deepEqual(quotedAt('2024-03-05T13:00:00Z', false), ['quoting', 'extended_hours_off']);
  assert.deepEqual(quotedAt('2024-03-05T22:00:00Z', true), ['99 day true', 'quoting']);
  assert.deepEqual(quotedAt('2024-03-06T02:00:00Z', true), ['quoting', 'session_closed']);
});
