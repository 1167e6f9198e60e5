import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BAR_MS, Desk, enter, HOLD, leave, oneSlot, scripted, signal, stream } from '../desk.fixture.ts';
import { DEFAULT_ORDERS, type ClosedTrade } from '../index.ts';

/** Enters while flat, leaves after so many bars. */
const inAndOut = (bars: number, wish: Parameters<typeof enter>[0] = {}) =>
  scripted(({ legs: [{ position }] }) => {
    if (!position) return signal('up', enter(wish));
    return position.barsHeld < bars ? HOLD : signal('out', leave());
  });

test('a round trip: bars are counted from the fill, the exit is whole, and the trade tells what came of it', () => {
  const held: unknown[] = [];
  const strategy = scripted(({ legs: [{ position }] }) => {
    held.push(position && { ...position });
    return !position ? signal('up', enter()) : position.barsHeld < 2 ? HOLD : signal('out', leave());
  });
  const desk = new Desk(oneSlot(strategy));
  desk.fill(desk.bar(100).orders[0]!, '101', { fee: '0.5' });
  desk.bar(102);
  const { orders } = desk.bar(103);
  assert.deepEqual([orders[0]!.leg, orders[0]!.side, orders[0]!.quantity], ['exit', 'sell', '5']);
  assert.equal(orders[0]!.reduceOnly, true);
  desk.fill(orders[0]!, '104', { fee: '0.6' });
  assert.deepEqual(held.slice(1), [
    { entryMs: BAR_MS, entryPrice: 101, quantity: 5, barsHeld: 1 },
    { entryMs: BAR_MS, entryPrice: 101, quantity: 5, barsHeld: 2 },
  ]);
  const trade: ClosedTrade = {
    slot: 'slot',
    instrument: 'BTC/USDT',
    configId: 'config',
    side: 'buy',
    quantity: '5',
    entryMs: BAR_MS,
    entryPrice: '101',
    exitMs: 3 * BAR_MS,
    exitPrice: '104',
    fees: '1.1',
    pnl: '13.9',
    reward: 13.9 / 505,
  };
  assert.deepEqual(desk.core.takeTrades(), [trade]);
  assert.deepEqual(desk.core.takeTrades(), []);
  assert.deepEqual(desk.core.books.cash, '1013.9');
});

test('an exit while an exit is on its way waits for it', () => {
  const desk = new Desk(oneSlot(inAndOut(1)));
  desk.fill(desk.bar(100).orders[0]!, '100');
  const [exit] = desk.bar(100).orders;
  assert.deepEqual(desk.bar(100).reasons, ['out', 'order_working']);
  desk.order(exit!, 'UNKNOWN');
  assert.deepEqual(desk.bar(100).reasons, ['out', 'order_unknown']);
  desk.order(exit!, 'REJECTED');
  assert.equal(desk.bar(100).orders.length, 1);
});

test('while trading is reduced what is held can be left; a halt keeps it', () => {
  const desk = new Desk(oneSlot(inAndOut(1)));
  desk.fill(desk.bar(100).orders[0]!, '100');
  desk.tell({ type: 'trading_state', scope: 'slot', state: 'halted', reason: 'kill' });
  assert.deepEqual(desk.bar(100).reasons, ['out', 'trading_halted']);
  desk.tell({ type: 'trading_state', scope: 'slot', state: 'reducing', reason: 'kill' });
  assert.equal(desk.bar(100).orders.length, 1);
});

test('a blocked or stale stream keeps nothing from being left', () => {
  const desk = new Desk(oneSlot(inAndOut(1)));
  desk.fill(desk.bar(100).orders[0]!, '100');
  desk.tell({ type: 'quality', stream: 'sim:BTC/USDT:5m', verdict: 'block', reasons: [] });
  desk.tell({ type: 'stale', stream: 'sim:BTC/USDT:5m', stale: true });
  assert.deepEqual(desk.bar(100).orders.length, 1);
});

test('an exit reduces only what the account has: the dust of a short that another slot holds is less', () => {
  let asked = false;
  const short = scripted(() => {
    if (asked) return HOLD;
    asked = true;
    return signal('down', enter({ side: 'sell', equityFraction: 0.1 }));
  });
  const setup = oneSlot(short);
  const slots = [short, inAndOut(1, { equityFraction: 0.3 })].map((strategy, index) => ({
    ...setup.slots[0]!,
    id: `slot_${index}`,
    strategy,
  }));
  const desk = new Desk({ ...setup, slots });
  const [sold] = desk.bar(100).orders;
  desk.fill(sold!, '100', { quantity: '0.001' });
  desk.order(sold!, 'CANCELLED');
  desk.show(100);
  const [bought] = desk.close()[1]!.orders;
  desk.fill(bought!, '100');
  desk.show(100);
  const [exit] = desk.close()[1]!.orders;
  assert.equal(exit!.quantity, bought!.quantity);
  assert.equal(exit!.reduceOnly, false);
});

test('a bracket: its exits may leave the position, and an exit of the strategy takes them away first', () => {
  const wish = { protection: { stopPrice: 95.004, targetPrice: 110.001 } };
  const desk = new Desk(oneSlot(inAndOut(2, wish)));
  const [entry] = desk.bar(100).orders;
  assert.deepEqual(entry!.protection, { stopPrice: '95', targetPrice: '110.01', trailBps: null });
  desk.fill(entry!, '100');
  assert.deepEqual(desk.bar(100).cancels, []);
  const { cancels, orders } = desk.bar(100);
  assert.deepEqual(cancels, [entry!.decisionId]);
  assert.equal(orders.length, 1);
  desk.fill(entry!, '95', { protection: 'stop', side: 'sell' });
  assert.equal(desk.core.takeTrades()[0]!.pnl, '-25');
  assert.equal(desk.core.isHolding, false);
});

test('nothing is entered while the exits of the trade before may still fill', () => {
  const strategy = scripted(() => signal('up', enter({ protection: { stopPrice: 95 } })));
  const desk = new Desk(oneSlot(strategy));
  const [entry] = desk.bar(100).orders;
  desk.fill(entry!, '100');
  desk.fill(entry!, '95', { protection: 'stop', side: 'sell', quantity: '2' });
  desk.order(entry!, 'FILLED');
  assert.deepEqual(desk.bar(100).reasons, ['up', 'already_entered']);
  desk.fill(entry!, '95', { protection: 'stop', side: 'sell', quantity: '3' });
  assert.equal(desk.bar(100).orders.length, 1);
});

test('a turn leaves and enters the other side at one close', () => {
  const turn = scripted(({ legs: [{ position }] }) => {
    if (!position) return signal('up', enter());
    return signal('turn', leave(), enter({ side: position.quantity > 0 ? 'sell' : 'buy' }));
  });
  const desk = new Desk(oneSlot(turn));
  desk.fill(desk.bar(100).orders[0]!, '100');
  const [exit, entry] = desk.bar(100).orders;
  assert.deepEqual([exit!.leg, exit!.side, entry!.leg, entry!.side], ['exit', 'sell', 'entry', 'sell']);
  desk.fill(exit!, '110');
  desk.fill(entry!, '110');
  assert.equal(desk.core.takeTrades()[0]!.pnl, '50');
  assert.equal(desk.core.books.positions[0]!.position.quantity, '-5');
});

test('dust counts as flat, closes its trade, and goes with the next exit', () => {
  const desk = new Desk(oneSlot(inAndOut(1)));
  desk.fill(desk.bar(100).orders[0]!, '100', { fee: '0.0005', feeCurrency: 'BTC' });
  const [exit] = desk.bar(100).orders;
  assert.equal(exit!.quantity, '4.999');
  desk.fill(exit!, '100');
  assert.equal(desk.core.takeTrades().length, 1);
  assert.equal(desk.core.books.positions[0]!.position.quantity, '0.0005');
  const again = desk.bar(100);
  assert.deepEqual([again.reasons, again.orders.length], [['up'], 1]);
  desk.fill(again.orders[0]!, '100', { quantity: '4.9995' });
  assert.equal(desk.bar(100).orders[0]!.quantity, '5');
});

test('everything is left before the session ends, early closes included, and nothing is entered after', () => {
  const orders = { ...DEFAULT_ORDERS, flattenBeforeCloseMs: 15 * 60_000 };
  const streams = [stream('SPY', { calendar: 'xnys' })];
  const setup = { ...oneSlot(inAndOut(99), { streams, orders }), currency: 'USD' };
  const desk = new Desk(setup);
  desk.atMs = Date.UTC(2024, 10, 29, 17, 20); // The day after Thanksgiving ends at 13:00 in New York.
  const [entry] = desk.bar(100).orders;
  desk.fill(entry!, '100');
  assert.deepEqual(desk.bar(100).reasons, ['waiting']);
  desk.atMs += 2 * BAR_MS;
  const flatten = desk.bar(100);
  assert.deepEqual(flatten.reasons, ['flatten_before_close']);
  assert.deepEqual(
    flatten.orders.map(({ leg, type }) => [leg, type]),
    [['exit', 'market']],
  );
  desk.fill(flatten.orders[0]!, '100');
  assert.deepEqual(desk.bar(100).reasons, ['flatten_before_close']);
});

test('without a bar at the right time what is held is left by the clock, once', () => {
  const orders = { ...DEFAULT_ORDERS, flattenBeforeCloseMs: 15 * 60_000 };
  const streams = [stream('SPY', { calendar: 'xnys' })];
  const desk = new Desk({ ...oneSlot(inAndOut(99), { streams, orders }), currency: 'USD' });
  desk.atMs = Date.UTC(2024, 10, 29, 17, 0); // The day after Thanksgiving ends at 13:00 in New York.
  const flattenMs = Date.UTC(2024, 10, 29, 17, 45);
  const [entry] = desk.bar(100).orders;
  assert.equal(desk.core.wakeMs, flattenMs); // an order may still fill
  desk.fill(entry!, '100');
  const early = { ...desk.bar(100) };
  assert.deepEqual(early.reasons, ['waiting']);
  desk.resume();
  assert.equal(desk.core.wakeMs, flattenMs);
  assert.deepEqual(desk.core.questions(flattenMs), []);
  desk.atMs = flattenMs;
  const [left] = desk.close();
  assert.deepEqual(
    [left!.barOpenMs, left!.reasons, left!.orders.map((order) => [order.leg, order.type, order.asOfMs])],
    [early.barOpenMs, ['flatten_before_close'], [['exit_clock', 'market', flattenMs]]],
  );
  assert.equal(desk.core.wakeMs, Infinity);
  desk.atMs += BAR_MS;
  assert.deepEqual(desk.close(), []); // another close is none of its
  desk.fill(left!.orders[0]!, '100');
  assert.equal(desk.core.isHolding, false);
});

test('the clock asks for nothing where a bar decides, or there is nothing to leave', () => {
  const orders = { ...DEFAULT_ORDERS, flattenBeforeCloseMs: 15 * 60_000 };
  const streams = [stream('SPY', { calendar: 'xnys' })];
  const desk = new Desk({ ...oneSlot(inAndOut(99), { streams, orders }), currency: 'USD' });
  desk.atMs = Date.UTC(2024, 10, 29, 17, 20);
  assert.equal(desk.core.wakeMs, Infinity);
  desk.fill(desk.bar(100).orders[0]!, '100');
  for (const price of [100, 100, 100, 100]) desk.show(price);
  assert.equal(desk.core.wakeMs, Infinity);
  assert.equal(desk.close()[0]!.orders[0]!.leg, 'exit');
});
