import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '@aistock/market';
import type { TimeInForce } from '@aistock/shared';
import { barOf, fillsOf, HOUR_MS, LONG, matchBars, orderOf, RICH, termsOf, told } from './fills.fixture.ts';
import { matchBar, type VenueOrder } from './index.ts';

const BAR = barOf(0, [100, 110, 90, 105]);
const limit = (limitPrice: string, timeInForce: TimeInForce, order: Partial<VenueOrder> = {}): VenueOrder =>
  orderOf('limit', { limitPrice, timeInForce, ...order });
const at = (text: string): number => Date.parse(text);
const minute = (text: string): Bar => ({ ...BAR, openMs: at(text) });
const NYSE = termsOf({}, { calendar: 'xnys', timeframe: '1m' });

test('an order for the day ends with the day in UTC where there are no sessions', () => {
  const bars = [22, 23, 24].map((hour) => barOf(hour, [100, 110, 90, 105]));
  const out = matchBars([limit('80', 'day')], bars, RICH, termsOf());
  assert.deepEqual(told(out), ['session_over']);
  assert.equal(matchBars([limit('80', 'day')], bars.slice(0, 1), RICH, termsOf()).orders.length, 1);
  const late = limit('80', 'day', { placedMs: 24 * HOUR_MS });
  assert.equal(matchBars([late], bars, RICH, termsOf()).orders.length, 1, 'came in with the next day');
});

test('an order for the day ends where the session closes, early closes included', () => {
  const order = orderOf('limit', { limitPrice: '80', timeInForce: 'day', placedMs: at('2024-07-03T14:00Z') });
  const open = matchBar([order], minute('2024-07-03T16:58Z'), RICH, NYSE);
  assert.equal(open.orders.length, 1);
  assert.deepEqual(told(matchBar([order], minute('2024-07-03T16:59Z'), RICH, NYSE)), ['session_over']);
});

test('an order for the day that comes in after the session is for the next one', () => {
  const daily = termsOf({}, { calendar: 'xnys', timeframe: '1d' });
  const order = orderOf('limit', { limitPrice: '80', timeInForce: 'day', placedMs: at('2024-07-02T20:00Z') });
  assert.equal(matchBar([order], minute('2024-07-02T04:00Z'), RICH, daily).orders.length, 1, 'came too late');
  assert.deepEqual(told(matchBar([order], minute('2024-07-03T04:00Z'), RICH, daily)), ['session_over']);
});

test('an order for the day ends before a bar of another day, where the last bars of its own are missing', () => {
  const next = barOf(30, [100, 110, 70, 105]);
  assert.deepEqual(told(matchBar([limit('80', 'day')], next, RICH, termsOf())), ['session_over']);
  assert.deepEqual(told(matchBar([limit('80', 'gtc')], next, RICH, termsOf())), ['buy 2 @ 80 maker']);
});

test('an immediate order takes what the market has when it comes in, and ends', () => {
  assert.deepEqual(told(matchBar([limit('95', 'ioc')], BAR, RICH, termsOf())), ['not_filled']);
  assert.deepEqual(told(matchBar([limit('100', 'ioc')], BAR, RICH, termsOf())), ['buy 2 @ 100 taker']);
  const sell = limit('105', 'ioc', { side: 'sell' });
  assert.deepEqual(told(matchBar([sell], BAR, LONG, termsOf())), ['not_filled']);
  const stop = orderOf('stop', { stopPrice: '105', timeInForce: 'ioc' });
  assert.deepEqual(told(matchBar([stop], BAR, RICH, termsOf())), ['not_filled']);
});

const market = (timeInForce: TimeInForce, quantity = '2') => orderOf('market', { timeInForce, quantity });

test('an immediate order keeps the part that it got; all or nothing takes no part', () => {
  const terms = termsOf({ participation_max: 0.001 });
  assert.deepEqual(told(matchBar([market('ioc')], BAR, RICH, terms)), ['buy 1 @ 100 taker', 'not_filled']);
  assert.deepEqual(told(matchBar([market('fok')], BAR, RICH, terms)), ['not_filled']);
  assert.deepEqual(told(matchBar([market('fok', '1')], BAR, RICH, terms)), ['buy 1 @ 100 taker']);
  const exit = orderOf('market', { side: 'sell', timeInForce: 'fok', reduceOnly: true });
  assert.deepEqual(told(matchBar([exit], BAR, { cash: '0', quantity: '1' }, termsOf())), ['not_filled']);
});

test('outside of the regular hours only limit and bracket orders trade, and only those that ask for it', () => {
  const early = minute('2024-07-02T13:00Z');
  const placedMs = at('2024-07-02T12:00Z');
  const extended = { extendedHours: true, placedMs };
  const filled = (order: VenueOrder): string[] => told(matchBar([order], early, RICH, NYSE));
  assert.deepEqual(filled(limit('95', 'day', { placedMs })), []);
  assert.deepEqual(filled(orderOf('market', extended)), []);
  assert.deepEqual(filled(limit('95', 'day', extended)), ['buy 2 @ 95 maker']);
  const protection = { stopPrice: '95', targetPrice: null, trailBps: null };
  assert.deepEqual(filled(orderOf('market', { ...extended, protection })), [
    'buy 2 @ 100 taker',
    'stop sell 2 @ 95 taker',
  ]);
  const stopped = matchBars(
    [orderOf('market', { ...extended, protection: { ...protection, stopPrice: '89' } })],
    [early, { ...minute('2024-07-02T13:01Z'), low: '88' }],
    RICH,
    NYSE,
  );
  assert.equal(told(stopped).at(-1), 'stop sell 2 @ 89 taker');
  const regular = minute('2024-07-02T13:30Z');
  assert.deepEqual(told(matchBar([orderOf('market', { placedMs })], regular, RICH, NYSE)), [
    'buy 2 @ 100 taker',
  ]);
});

test('an order for the extended day lasts until the extended session ends', () => {
  const order = limit('80', 'day', { extendedHours: true, placedMs: at('2024-07-02T19:00Z') });
  assert.equal(matchBar([order], minute('2024-07-02T20:30Z'), RICH, NYSE).orders.length, 1);
  assert.deepEqual(told(matchBar([order], minute('2024-07-02T23:59Z'), RICH, NYSE)), ['session_over']);
});

test('no bar that closed before an order came in can fill it', () => {
  const order = orderOf('market', { placedMs: HOUR_MS });
  assert.deepEqual(told(matchBar([order], BAR, RICH, termsOf())), []);
  assert.deepEqual(told(matchBar([order], barOf(1, [50, 60, 40, 55]), RICH, termsOf())), [
    'buy 2 @ 50 taker',
  ]);
  const waits = [
    { ...order, timeInForce: 'ioc' as const },
    { ...order, side: 'sell' as const, reduceOnly: true },
  ];
  const waiting = matchBar(waits, BAR, RICH, termsOf());
  assert.deepEqual([waiting.orders, waiting.reports], [waits, []], 'nothing of it is judged yet');
});

const filledInBar = (order: VenueOrder): string[] => told(matchBar([order], BAR, LONG, termsOf()));

test('an order that comes in while a bar is under way pays for it: so much of the way from the open to the worst price', () => {
  const placedMs = HOUR_MS / 4;
  assert.deepEqual(filledInBar(orderOf('market', { placedMs })), ['buy 2 @ 102.5 taker']);
  assert.deepEqual(filledInBar(orderOf('market', { placedMs, side: 'sell' })), ['sell 2 @ 97.5 taker']);
  assert.deepEqual(filledInBar(orderOf('limit', { placedMs, limitPrice: '103' })), ['buy 2 @ 102.5 taker']);
  assert.deepEqual(filledInBar(orderOf('limit', { placedMs, limitPrice: '102.5' })), [], 'others come first');
  const third = orderOf('market', { placedMs: HOUR_MS / 3 });
  const [late] = fillsOf(matchBar([third], BAR, RICH, termsOf()));
  assert.deepEqual([late?.price, late?.atMs], ['103.333333333334', HOUR_MS / 3]);
  const [sold] = fillsOf(matchBar([{ ...third, side: 'sell' }], BAR, LONG, termsOf()));
  assert.equal(sold?.price, '96.666666666666');
});

test('a limit that comes in while a bar is under way and is not through the market counts from the next bar', () => {
  const order = orderOf('limit', { placedMs: HOUR_MS / 4, limitPrice: '95' });
  assert.deepEqual(told(matchBar([order], BAR, RICH, termsOf())), []);
  assert.deepEqual(told(matchBars([order], [BAR, barOf(1, [105, 106, 94, 95])], RICH, termsOf())), [
    'buy 2 @ 95 maker',
  ]);
});

test('a limit that comes in while a bar is under way fills where the bar closes through it', () => {
  const order = orderOf('limit', { placedMs: HOUR_MS / 4, limitPrice: '95' });
  const closing = (close: number) =>
    told(matchBar([order], barOf(0, [100, 101, 90, close]), RICH, termsOf()));
  assert.deepEqual(closing(94.99), ['buy 2 @ 95 maker']);
  assert.deepEqual(closing(95), []);
});

test('a stop that comes in while a bar is under way is taken as touched wherever the bar touched it', () => {
  const order = orderOf('stop', { side: 'sell', placedMs: HOUR_MS / 4, stopPrice: '92' });
  assert.deepEqual(told(matchBar([order], BAR, LONG, termsOf())), ['sell 2 @ 92 taker']);
  const passed = { ...order, stopPrice: '98' };
  assert.deepEqual(told(matchBar([passed], BAR, LONG, termsOf())), ['sell 2 @ 97.5 taker']);
});

test('a daily bar of an exchange is under way from the start of its session, not from midnight', () => {
  const daily = termsOf({}, { calendar: 'xnys', timeframe: '1d' });
  const filled = (placed: string): string[] =>
    told(matchBar([orderOf('market', { placedMs: at(placed) })], minute('2024-07-02T04:00Z'), RICH, daily));
  assert.deepEqual(filled('2024-07-02T12:00Z'), ['buy 2 @ 100 taker']);
  assert.deepEqual(filled('2024-07-02T16:45Z'), ['buy 2 @ 105 taker'], 'half of the session');
});

test('outside of the years that a calendar knows nothing trades', () => {
  const order = orderOf('market', { placedMs: at('2036-01-02T15:00Z') });
  assert.deepEqual(told(matchBar([order], minute('2036-01-02T15:00Z'), RICH, NYSE)), []);
  const day = { ...order, timeInForce: 'day' } as const;
  assert.deepEqual(told(matchBar([day], minute('2036-01-02T15:00Z'), RICH, NYSE)), ['session_over']);
});
