import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIXED_SIZING } from '../../sizing/index.ts';
import { Desk, enter, leave, oneSlot, scripted, signal } from '../desk.fixture.ts';

const SIZING = { ...FIXED_SIZING, drawdownCut: { from: 0.1, to: 0.25 } };
const inAndOut = scripted(({ legs: [{ position }] }) =>
  position ? signal('out', leave()) : signal('up', enter({ equityFraction: 1 })),
);

test('a drawdown that stopped entries is told, and stays once all is flat, also after a restart', () => {
  const desk = new Desk(oneSlot(inAndOut, { sizing: SIZING }));
  const told = () => [desk.core.books.drawdown, desk.core.books.isDrawdownStopped];
  desk.fill(desk.bar(100).orders[0]!, '100');
  assert.deepEqual(told(), [0, false]);
  const [exit] = desk.bar(80).orders;
  assert.deepEqual(told().at(1), false);
  desk.fill(exit!, '70');
  for (const price of [70, 100, 200]) {
    assert.deepEqual(desk.bar(price).reasons, ['up', 'drawdown_stop']);
    assert.deepEqual(told(), [1 - 700 / 1000, true]);
    desk.resume();
  }
});

test('a new session over what is left begins at its own peak', () => {
  const desk = new Desk(oneSlot(inAndOut, { sizing: SIZING, startCash: '700' }));
  assert.equal(desk.core.books.isDrawdownStopped, false);
  assert.equal(desk.bar(100).orders.length, 1);
});

test('what is still held can win the way back', () => {
  const holding = scripted(() => signal('up', enter()));
  const desk = new Desk(oneSlot(holding, { sizing: SIZING }));
  desk.fill(desk.bar(100).orders[0]!, '100');
  desk.bar(40);
  assert.equal(desk.core.books.isDrawdownStopped, true);
  desk.bar(90);
  assert.equal(desk.core.books.isDrawdownStopped, false);
});

test('without a cut nothing is stopped', () => {
  const desk = new Desk(oneSlot(inAndOut));
  desk.fill(desk.bar(100).orders[0]!, '100');
  desk.bar(1);
  assert.equal(desk.core.books.isDrawdownStopped, false);
});
