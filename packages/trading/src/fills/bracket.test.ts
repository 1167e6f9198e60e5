import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VenueOrder } from './index.ts';
import { barOf, matchBars, orderOf, RICH, termsOf, told } from './fills.fixture.ts';
import { matchBar } from './index.ts';

const protection = { stopPrice: '95', targetPrice: '105', trailBps: null };
const entry = (order: Partial<VenueOrder> = {}): VenueOrder => orderOf('market', { protection, ...order });
const CALM = barOf(0, [100, 104, 96, 100]);

test('the exits of a bracket begin to work when its entry fills, and one cancels the other', () => {
  const entered = matchBar([entry()], CALM, RICH, termsOf());
  assert.deepEqual(told(entered), ['buy 2 @ 100 taker']);
  assert.deepEqual(
    entered.orders.map(({ orderId, parent, quantity }) => [orderId, parent?.part, quantity]),
    [
      ['a:stop', 'stop', '2'],
      ['a:target', 'target', '2'],
    ],
  );
  const wins = matchBars([entry()], [CALM, barOf(1, [100, 106, 99, 101])], RICH, termsOf());
  assert.deepEqual(told(wins), [
    'buy 2 @ 100 taker',
    'target sell 2 @ 105 maker',
    'stop one_cancelled_other',
  ]);
  assert.deepEqual([wins.orders, wins.holding], [[], { cash: '10010', quantity: '0' }]);
  const loses = matchBars([entry()], [CALM, barOf(1, [100, 101, 94, 95])], RICH, termsOf());
  assert.deepEqual(told(loses), [
    'buy 2 @ 100 taker',
    'target one_cancelled_other',
    'stop sell 2 @ 95 taker',
  ]);
});

test('where a bar touches stop and target the stop comes first', () => {
  const both = barOf(1, [100, 120, 80, 110]);
  assert.deepEqual(told(matchBars([entry()], [CALM, both], RICH, termsOf())).slice(1), [
    'target one_cancelled_other',
    'stop sell 2 @ 95 taker',
  ]);
});

test('a market that opens beyond the target fills it there before the bar can touch the stop', () => {
  const gap = barOf(1, [108, 109, 80, 90]);
  assert.deepEqual(told(matchBars([entry()], [CALM, gap], RICH, termsOf())).slice(1), [
    'target sell 2 @ 105 maker',
    'stop one_cancelled_other',
  ]);
});

test('an entry and its stop within one bar are both filled', () => {
  const drop = barOf(0, [100, 101, 90, 100]);
  const stopped = (order: VenueOrder, bar = drop): string[] => told(matchBar([order], bar, RICH, termsOf()));
  const out = ['target one_cancelled_other', 'stop sell 2 @ 95 taker'];
  assert.deepEqual(stopped(entry()), ['buy 2 @ 100 taker', ...out]);
  assert.deepEqual(stopped(entry({ type: 'limit', limitPrice: '98' })), ['buy 2 @ 98 maker', ...out]);
  // The low may have been there before the entry was triggered: the worse is taken.
  assert.deepEqual(stopped(entry({ type: 'stop', stopPrice: '101' })), ['buy 2 @ 101 taker', ...out]);
  assert.deepEqual(stopped(entry({ protection: { ...protection, stopPrice: '102', targetPrice: null } })), [
    'buy 2 @ 100 taker',
    'stop sell 2 @ 100 taker',
  ]);
});

test('a target fills in the bar of its entry only where the entry filled at the open', () => {
  const rise = barOf(0, [100, 106, 96, 100]);
  const filled = (order: VenueOrder): string[] => told(matchBar([order], rise, RICH, termsOf()));
  assert.deepEqual(filled(entry()).slice(1), ['target sell 2 @ 105 maker', 'stop one_cancelled_other']);
  assert.deepEqual(filled(entry({ type: 'limit', limitPrice: '98' })), ['buy 2 @ 98 maker']);
  assert.deepEqual(filled(entry({ type: 'stop', stopPrice: '101' })), ['buy 2 @ 101 taker']);
});

test('the exits protect what has filled, and the first of them ends the rest of the entry', () => {
  const terms = termsOf({ participation_max: 0.5 });
  const bars = [
    barOf(0, [100, 104, 96, 100], '2'),
    barOf(1, [100, 104, 96, 100], '2'),
    barOf(2, [100, 101, 94, 95], '10'),
  ];
  const order = entry({ quantity: '3', protection: { ...protection, targetPrice: null } });
  const growing = matchBars([order], bars.slice(0, 2), RICH, terms);
  assert.deepEqual(
    growing.orders.map(({ orderId, quantity, filled }) => [orderId, quantity, filled]),
    [
      ['a', '3', '2'],
      ['a:stop', '2', '0'],
    ],
  );
  const dropped = matchBars([order], [bars[0]!, bars[2]!], RICH, terms);
  assert.deepEqual(told(dropped), ['buy 1 @ 100 taker', 'buy 2 @ 100 taker', 'stop sell 3 @ 95 taker']);
  const limited = { ...order, type: 'limit', limitPrice: '100.5' } as const;
  const stopped = matchBars([limited], [bars[0]!, barOf(1, [94, 99, 93, 95], '2')], RICH, terms);
  assert.deepEqual(told(stopped), [
    'buy 1 @ 100 taker',
    'buy 1 @ 99 maker',
    'one_cancelled_other',
    'stop sell 1 @ 94 taker',
  ]);
});

test('a target that fills in part leaves the stop at work for the rest', () => {
  const terms = termsOf({ participation_max: 0.5 });
  const bars = [
    barOf(0, [100, 104, 96, 100], '4'),
    barOf(1, [100, 106, 99, 101], '2'),
    barOf(2, [100, 101, 94, 95], '10'),
  ];
  assert.deepEqual(told(matchBars([entry()], bars, RICH, terms)), [
    'buy 2 @ 100 taker',
    'target sell 1 @ 105 maker',
    'target one_cancelled_other',
    'stop sell 1 @ 95 taker',
  ]);
});

test('an exit that fills in part ends the rest of the entry, and one that is cut short its whole bracket', () => {
  const bars = [barOf(0, [100, 104, 96, 100], '2'), barOf(1, [104, 106, 103, 104], '1.5')];
  const order = entry({ quantity: '3', type: 'limit', limitPrice: '100.5' });
  const parted = matchBars([order], bars, RICH, termsOf({ participation_max: 0.5 }));
  assert.deepEqual(told(parted), ['buy 1 @ 100 taker', 'target sell 0.7 @ 105 maker', 'one_cancelled_other']);
  assert.deepEqual(
    parted.orders.map(({ orderId, quantity, filled }) => [orderId, quantity, filled]),
    [
      ['a:stop', '0.3', '0'],
      ['a:target', '1', '0.7'],
    ],
  );
  const sold = orderOf('market', { orderId: 'b', side: 'sell', quantity: '1.5' });
  const cut = matchBars([entry(), sold], [CALM, barOf(1, [100, 106, 99, 101])], RICH, termsOf());
  assert.deepEqual(told(cut).slice(2), [
    'target sell 0.5 @ 105 maker',
    'target nothing_to_reduce',
    'stop one_cancelled_other',
  ]);
});

test('the exits of a fee in the base protect what was received', () => {
  const terms = termsOf({ fees: { maker_bps: 10, taker_bps: 10, taken_in: 'base' } });
  const entered = matchBar([entry()], CALM, RICH, terms);
  assert.deepEqual(
    entered.orders.map(({ quantity }) => quantity),
    ['1.998', '1.998'],
  );
});

test('an entry of which the fee leaves nothing has no exits', () => {
  const terms = termsOf({ fees: { maker_bps: 10, taker_bps: 10, taken_in: 'base' } });
  const { orders, done, holding } = matchBar([entry({ quantity: '0.000000000001' })], CALM, RICH, terms);
  assert.deepEqual([orders.length, done.length, holding.quantity], [0, 1, '0']);
});

test('a short is protected from above', () => {
  const short = entry({ side: 'sell', protection: { stopPrice: '105', targetPrice: '95', trailBps: null } });
  const both = barOf(1, [100, 110, 90, 100]);
  assert.deepEqual(told(matchBars([short], [CALM, both], RICH, termsOf())), [
    'sell 2 @ 100 taker',
    'target one_cancelled_other',
    'stop buy 2 @ 105 taker',
  ]);
});

test('a bracket can trail its stop, which follows from the price of the entry on', () => {
  const order = entry({ protection: { stopPrice: null, targetPrice: null, trailBps: 500 } });
  const bars = [barOf(0, [100, 120, 96, 118]), barOf(1, [118, 119, 113, 114])];
  assert.deepEqual(told(matchBars([order], bars, RICH, termsOf())), [
    'buy 2 @ 100 taker',
    'stop sell 2 @ 114 taker',
  ]);
});

test('a target that lies behind the whole bar fills at its worst price: nobody traded below it', () => {
  const behind = { stopPrice: '80', targetPrice: '98', trailBps: null };
  const order = orderOf('stop', { stopPrice: '100', protection: behind });
  const matched = matchBar([order], barOf(0, [99, 102, 98.5, 101]), RICH, termsOf());
  assert.deepEqual(told(matched).slice(0, 2), ['buy 2 @ 100 taker', 'target sell 2 @ 98.5 maker']);
});
