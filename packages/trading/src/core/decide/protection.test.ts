import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Desk, enter, oneSlot, scripted, signal, stream } from '../desk.fixture.ts';
import type { Protection } from '../../strategies/index.ts';

/** A minute of Thursday, 3 August 2023, in regular hours in New York. */
const MINUTE_MS = Date.UTC(2023, 7, 3, 14, 30);
const spy = stream('SPY', { id: 'sim:SPY:5m', calendar: 'xnys' });

/** What an entry at the close of 100 that is sent as a limit order at 100.50 becomes. */
function entered(protection: Protection, side: 'buy' | 'sell' = 'buy') {
  const strategy = scripted(() => signal('near', enter({ side, protection })));
  const desk = new Desk(oneSlot(strategy, { currency: 'USD', streams: [spy] }));
  desk.atMs = MINUTE_MS;
  const { orders, reasons } = desk.bar('100');
  return { order: orders[0], reasons };
}

test('a target between the newest close and the limit that the entry may go to stays: it fills at the close or near it', () => {
  const { order, reasons } = entered({ stopPrice: 99.8, targetPrice: 100.2 });
  assert.deepEqual(reasons, ['near']);
  assert.equal(order?.limitPrice, '100.5');
  assert.deepEqual(order.protection, { stopPrice: '99.8', targetPrice: '100.2', trailBps: null });
  const sold = entered({ stopPrice: 100.2, targetPrice: 99.8 }, 'sell');
  assert.equal(sold.order?.limitPrice, '99.5');
  assert.deepEqual(sold.order.protection, { stopPrice: '100.2', targetPrice: '99.8', trailBps: null });
});

test('a stop between the newest close and that limit lies behind the entry already', () => {
  assert.deepEqual(entered({ stopPrice: 100.2 }).reasons, ['near', 'protection_invalid']);
  assert.deepEqual(entered({ stopPrice: 99.8 }, 'sell').reasons, ['near', 'protection_invalid']);
});
