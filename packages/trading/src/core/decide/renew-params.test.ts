import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BAR_MS, Desk, oneSlot, PARAMS, scripted, signal } from '../desk.fixture.ts';
import type { SlotParams } from '../index.ts';

const chosen = (configId: string, expiresMs: number | null = null): SlotParams => ({
  ...PARAMS,
  configId,
  source: 'chosen',
  expiresMs,
});

/** A desk whose strategy quotes a tenth of the equity on both sides of 100, with the first choice. */
function quoting(inventory: boolean, params: SlotParams) {
  const strategy = scripted(
    () =>
      signal('quoting', {
        kind: 'quote',
        leg: 0,
        quotes: [
          { side: 'buy', price: 99, equityFraction: 0.1 },
          { side: 'sell', price: 101, equityFraction: 0.1 },
        ],
      }),
    { inventory },
  );
  const desk = new Desk(oneSlot(strategy), params);
  const asked = () => {
    desk.show(100);
    return desk.core.questions(desk.atMs).map((question) => question.params);
  };
  const tell = (next: SlotParams | null) =>
    desk.tell({ type: 'params', slot: 'slot', params: next, missing: next ? null : 'unreachable' });
  return { desk, asked, tell };
}

test('an inventory takes new parameters while it holds, once they expire or a piece was closed with them', () => {
  const { desk, asked, tell } = quoting(true, chosen('first', 2 * BAR_MS));
  desk.fill(desk.bar(100).orders[0]!, '99');
  assert.deepEqual(asked(), [true]);
  tell(chosen('second'));
  assert.deepEqual(desk.core.questions(desk.atMs), []);
  const [bid, ask] = desk.close()[0]!.orders;
  assert.equal(bid!.configId, 'second');
  desk.fill(bid!, '99');
  desk.fill(ask!, '101');
  assert.deepEqual(
    desk.core.takeTrades().map(({ configId }) => configId),
    ['first'],
  );
  assert.deepEqual(asked(), []); // nothing of the second was closed
  const [, next] = desk.close()[0]!.orders;
  desk.fill(next!, '101');
  assert.deepEqual(
    desk.core.takeTrades().map(({ configId }) => configId),
    ['first', 'second'], // the oldest goes first
  );
  assert.deepEqual(asked(), [true]);
});

test('without an answer an inventory only reduces, with the parameters of before', () => {
  const { desk, asked, tell } = quoting(true, chosen('first', 2 * BAR_MS));
  desk.fill(desk.bar(100).orders[0]!, '99');
  assert.deepEqual(asked(), [true]);
  tell(null);
  const { orders, reasons } = desk.close()[0]!;
  assert.deepEqual(reasons, ['quoting', 'params_expired']);
  assert.deepEqual(
    orders.map(({ side, reduceOnly, configId }) => [side, reduceOnly, configId]),
    [['sell', true, 'first']],
  );
  assert.deepEqual(asked(), [true]);
});

test('any other position keeps the parameters that it was entered with', () => {
  const { desk, asked, tell } = quoting(false, chosen('first', 2 * BAR_MS));
  desk.fill(desk.bar(100).orders[0]!, '99');
  assert.deepEqual(asked(), []);
  assert.throws(() => tell(chosen('second')), RangeError);
  assert.deepEqual(desk.close()[0]!.reasons, ['quoting']);
});
