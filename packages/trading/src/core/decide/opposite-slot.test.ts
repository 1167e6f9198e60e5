import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Wish } from '../../strategies/index.ts';
import { Desk, enter, oneSlot, scripted, signal, stream } from '../desk.fixture.ts';
import type { CoreSetup } from '../index.ts';

/** An account has one position in an instrument: two slots must not hold it on both sides. */

const long = scripted(() => signal('up', enter({ equityFraction: 0.2 })));
const short = scripted(() => signal('down', enter({ side: 'sell', equityFraction: 0.1 })));
const quotes: Wish = {
  kind: 'quote',
  leg: 0,
  quotes: [
    { side: 'buy', price: 99, equityFraction: 0.1 },
    { side: 'sell', price: 101, equityFraction: 0.1 },
  ],
};
const maker = scripted(() => signal('quoting', quotes));

function slots(...strategies: readonly ReturnType<typeof scripted>[]): CoreSetup {
  const one = oneSlot(strategies[0]!);
  const [first] = one.slots;
  assert.ok(first);
  return {
    ...one,
    slots: strategies.map((strategy, index) => ({ ...first, id: `slot_${index}`, strategy })),
  };
}

/** What each slot decides at the next close: its reasons, and the sides that it orders. */
function decide(desk: Desk, price = 100): [reasons: string[], orders: string[]][] {
  desk.show(price);
  return desk
    .close()
    .map(({ reasons, orders }) => [[...reasons], orders.map(({ leg, side }) => `${leg} ${side}`)]);
}

test('a slot does not enter against what another one holds or is entering, and may beside it', () => {
  const desk = new Desk(slots(long, short, long));
  assert.deepEqual(decide(desk), [
    [['up'], ['entry buy']],
    [['down', 'opposite_to_other_slot'], []],
    [['up'], ['entry buy']],
  ]);
});

test('while the other one holds nothing is entered against it; once it has left it may be', () => {
  let wish: 'in' | 'out' = 'in';
  const leaver = scripted(() =>
    wish === 'in'
      ? signal('up', enter({ equityFraction: 0.2 }))
      : signal('over', { kind: 'exit', leg: 0, style: { type: 'market' } }),
  );
  const desk = new Desk(slots(leaver, short));
  desk.show(100);
  const [entry] = desk.close()[0]!.orders;
  desk.fill(entry!, '100');
  assert.deepEqual(decide(desk)[1], [['down', 'opposite_to_other_slot'], []]);
  desk.resume();
  wish = 'out';
  desk.show(100);
  const [leaving, waiting] = desk.close();
  assert.deepEqual(waiting!.orders, []);
  desk.fill(leaving!.orders[0]!, '100');
  assert.deepEqual(decide(desk)[1], [['down'], ['entry sell']]);
});

test('quotes on the side against another slot only reduce, and an entry against working quotes is refused', () => {
  const desk = new Desk(slots(long, maker));
  desk.show(100);
  const [first, second] = desk.close();
  desk.fill(first!.orders[0]!, '100');
  assert.deepEqual(
    second!.orders.map(({ leg }) => leg),
    ['quote_buy'],
  );
  assert.deepEqual(second!.reasons, ['quoting', 'opposite_to_other_slot']);
  desk.fill(second!.orders[0]!, '99');
  desk.show(100);
  assert.deepEqual(
    desk.close()[1]!.orders.map(({ leg, reduceOnly }) => [leg, reduceOnly]),
    [
      ['quote_buy', false],
      ['quote_sell', true],
    ],
  );
  const other = new Desk(slots(maker, long));
  assert.deepEqual(decide(other)[1], [['up', 'opposite_to_other_slot'], []]);
});

test('slots of other instruments are none of its business', () => {
  const streams = [stream('BTC/USDT'), stream('ETH/USDT')];
  const one = oneSlot(long, { streams });
  const [first] = one.slots;
  assert.ok(first);
  const other = { ...first, id: 'other', strategy: short, streams: [streams[1]!.id] };
  const desk = new Desk({ ...one, slots: [first, other] });
  assert.deepEqual(
    decide(desk).map(([, orders]) => orders),
    [['entry buy'], ['entry sell']],
  );
});
