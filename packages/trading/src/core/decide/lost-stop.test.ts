// What is held behind a stop is left once the stop is gone, whatever the strategy says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Desk, enter, HOLD, oneSlot, scripted, signal } from '../desk.fixture.ts';
import type { OrderRequest } from '../index.ts';

/** Enters behind a stop and a target, and holds for ever. */
const holder = scripted(({ legs: [{ position }] }) =>
  position ? HOLD : signal('up', enter({ protection: { stopPrice: 90, targetPrice: 120 } })),
);

function held() {
  const desk = new Desk(oneSlot(holder));
  const entry = desk.bar(100).orders[0]!;
  desk.fill(entry, '100');
  return { desk, entry };
}

const endExit = (desk: Desk, { decisionId }: OrderRequest, protection: 'stop' | 'target') =>
  desk.tell({ type: 'order', decisionId, protection, status: 'CANCELLED', reason: 'by the broker' });

const isLost = (desk: Desk) => desk.core.books.positions[0]!.isStopLost;

test('a stop that dies has the position left at market at the next close, its target taken back', () => {
  const { desk, entry } = held();
  assert.deepEqual(desk.bar(101).reasons, ['waiting']);
  assert.equal(isLost(desk), false);
  endExit(desk, entry, 'stop');
  assert.equal(isLost(desk), true);
  desk.resume();
  const { reasons, orders, cancels } = desk.bar(101);
  assert.deepEqual(reasons, ['stop_lost']);
  assert.deepEqual(cancels, [entry.decisionId]);
  endExit(desk, entry, 'target');
  assert.deepEqual([orders[0]?.leg, orders[0]?.type, orders[0]?.quantity], ['exit', 'market', '5']);
  assert.deepEqual(desk.bar(101).reasons, ['waiting'], 'while it is on its way');
  desk.order(orders[0]!, 'DENIED');
  const again = desk.bar(101);
  assert.deepEqual(again.reasons, ['stop_lost']);
  desk.fill(again.orders[0]!, '101');
  assert.equal(isLost(desk), false);
  assert.equal(desk.bar(101).orders[0]?.leg, 'entry');
});

test('what fills after its stop has ended is behind none', () => {
  const desk = new Desk(oneSlot(holder));
  const entry = desk.bar(100).orders[0]!;
  desk.order(entry, 'CANCELLED');
  endExit(desk, entry, 'stop');
  assert.equal(isLost(desk), false, 'nothing is held');
  desk.fill(entry, '100');
  assert.deepEqual(desk.bar(100).reasons, ['stop_lost']);
});

test('a stop or a target that fills whole leaves nothing to be left', () => {
  const { desk, entry } = held();
  desk.fill(entry, '90', { protection: 'stop', side: 'sell' });
  desk.tell({
    type: 'order',
    decisionId: entry.decisionId,
    protection: 'stop',
    status: 'FILLED',
    reason: null,
  });
  assert.equal(isLost(desk), false);
  const second = desk.bar(100).orders[0]!;
  desk.fill(second, '100');
  endExit(desk, entry, 'target');
  assert.deepEqual(desk.bar(100).reasons, ['waiting']);
});
