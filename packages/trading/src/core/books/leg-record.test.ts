import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIXED_SIZING } from '../../sizing/index.ts';
import { Desk, enter, leave, oneSlot, scripted, signal, stream } from '../desk.fixture.ts';

const streams = [stream('BTC/USDT'), stream('ETH/USDT')];
const pair = scripted(
  ({ legs }) =>
    legs[0].position
      ? signal('together', leave(), leave(1))
      : signal('apart', enter({ equityFraction: 0.4 }), enter({ leg: 1, side: 'sell', equityFraction: 0.2 })),
  { legs: 2 },
);

/** A pair whose first leg loses a tenth and whose second wins half: it wins, though every other trade is a loss. */
function afterPairs(count: number): Desk {
  const sizing = { ...FIXED_SIZING, kellyShare: 1, tradesMin: 2, updateEveryTrades: 1, priorTrades: 0 };
  const desk = new Desk(oneSlot(pair, { streams, sizing }));
  for (let done = 0; done < count; done++) {
    const [bought, sold] = desk.bar(100, 100).orders;
    desk.fill(bought!, '100');
    desk.fill(sold!, '100');
    const [exit, cover] = desk.bar(90, 50).orders;
    desk.fill(exit!, '90');
    desk.resume();
    desk.fill(cover!, '50');
  }
  return desk;
}

test('the legs of a bet are one entry in the record of their slot', () => {
  const one = afterPairs(1);
  assert.deepEqual(one.bar(100, 100).sizes[0]?.reasons, ['kelly_too_few_trades']);
  assert.equal(one.core.takeTrades().length, 2);
  const two = afterPairs(2);
  // Both bets won and none lost: Kelly bets everything, two thirds of it on the first leg.
  assert.deepEqual(
    two.bar(100, 100).sizes.map(({ reasons }) => reasons),
    [[], []],
  );
});

test('what Kelly bets is bet on all legs together', () => {
  const { sizing } = afterPairs(0).setup;
  const policy = { ...sizing, kellyShare: 0.3 };
  const desk = new Desk(oneSlot(pair, { streams, sizing: policy }));
  for (let done = 0; done < 2; done++) {
    const [bought, sold] = desk.bar(100, 100).orders;
    desk.fill(bought!, '100');
    desk.fill(sold!, '100');
    for (const [index, order] of desk.bar(110, 100).orders.entries())
      desk.fill(order, index === 0 ? '110' : '100');
  }
  const fractions = desk.bar(100, 100).sizes.map(({ fraction }) => fraction);
  assert.ok(Math.abs(fractions[0]! - 0.2) < 1e-12 && Math.abs(fractions[1]! - 0.1) < 1e-12, fractions.join());
});
