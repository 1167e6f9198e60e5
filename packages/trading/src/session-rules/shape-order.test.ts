import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_ORDERS } from '../core/order-policy.ts';
import type { OrderStyle } from '../strategies/index.ts';
import { shapeOrder, type OrderWish } from './index.ts';
import { HOUR_MS, sessionOf } from './xnys-days.fixture.ts';

const { midnightMs } = sessionOf('2024-11-29'); // closes at 13:00
const [PRE, RTH, AFT, CLOSED] = [8, 12, 14, 18].map((hour) => midnightMs + hour * HOUR_MS) as [
  number,
  number,
  number,
  number,
];
const RULES = { fromMs: 0, lotSize: '1', tickSize: '0.01', notionalMin: '0' };
const EXTENDED = { ...DEFAULT_ORDERS, extendedHours: true };
const LIMIT: OrderStyle = { type: 'limit', limitPrice: 99.999 };
const STOP: OrderStyle = { type: 'stop', stopPrice: 101.001 };

function wish(change: Partial<OrderWish> = {}): OrderWish {
  return {
    purpose: 'entry',
    side: 'buy',
    style: { type: 'market' },
    lastPrice: '100',
    rules: RULES,
    calendar: 'xnys',
    timeframe: '5m',
    closeMs: RTH,
    ...change,
  };
}

const MARKET = { type: 'market', limitPrice: null, stopPrice: null, extendedHours: false };

test('in regular hours of stocks an entry at market becomes a limit through the close, if the policy says so', () => {
  const day = { type: 'limit', stopPrice: null, timeInForce: 'day', extendedHours: false };
  assert.deepEqual(shapeOrder(DEFAULT_ORDERS, wish()), { ...day, limitPrice: '100.5' });
  assert.deepEqual(shapeOrder(DEFAULT_ORDERS, wish({ side: 'sell' })), { ...day, limitPrice: '99.5' });
  const naked = { ...DEFAULT_ORDERS, marketableOffsetBps: null };
  assert.deepEqual(shapeOrder(naked, wish()), { ...MARKET, timeInForce: 'day' });
});

test('an exit is at market, and so is an entry where there are no sessions', () => {
  const exit = wish({ purpose: 'exit', side: 'sell' });
  assert.deepEqual(shapeOrder(DEFAULT_ORDERS, exit), { ...MARKET, timeInForce: 'day' });
  for (const calendar of ['always', 'fx'] as const)
    assert.deepEqual(shapeOrder(DEFAULT_ORDERS, wish({ calendar })), { ...MARKET, timeInForce: 'gtc' });
});

/** The price of an order that is wished for where there are no sessions, or why there is none. */
function priceOf(side: 'buy' | 'sell', style: OrderStyle): string | null {
  const shaped = shapeOrder(DEFAULT_ORDERS, wish({ side, style, calendar: 'always' }));
  return 'refused' in shaped ? shaped.refused : (shaped.limitPrice ?? shaped.stopPrice);
}

test('limits are not worse than was said, stops do not work sooner', () => {
  assert.equal(priceOf('buy', LIMIT), '99.99');
  assert.equal(priceOf('sell', { type: 'limit', limitPrice: 99.991 }), '100');
  assert.equal(priceOf('buy', { type: 'limit', limitPrice: 0.001 }), 'price_below_tick');
  assert.equal(priceOf('buy', STOP), '101.01');
  assert.equal(priceOf('sell', STOP), '101');
});

test("a strategy's own offset holds", () => {
  const style: OrderStyle = { type: 'marketable_limit', offsetBps: 10 };
  const shaped = shapeOrder(DEFAULT_ORDERS, wish({ style }));
  assert.equal('refused' in shaped ? shaped.refused : shaped.limitPrice, '100.1');
});

test('before and after regular hours limits work for the day, and what else would enter is refused', () => {
  for (const closeMs of [PRE, AFT]) {
    const limit = wish({ closeMs, style: LIMIT });
    assert.deepEqual(shapeOrder(EXTENDED, limit), {
      type: 'limit',
      limitPrice: '99.99',
      stopPrice: null,
      timeInForce: 'day',
      extendedHours: true,
    });
    assert.deepEqual(shapeOrder(EXTENDED, wish({ closeMs })), { refused: 'extended_needs_limit' });
    assert.deepEqual(shapeOrder(EXTENDED, wish({ closeMs, style: STOP })), {
      refused: 'extended_needs_limit',
    });
    assert.deepEqual(shapeOrder(DEFAULT_ORDERS, limit), { refused: 'extended_hours_off' });
  }
  assert.deepEqual(shapeOrder(EXTENDED, wish({ closeMs: CLOSED, style: LIMIT })), {
    refused: 'session_closed',
  });
});

test('an exit at market becomes a limit in extended hours, and waits for regular ones where there are none', () => {
  const exit = wish({ purpose: 'exit', side: 'sell', closeMs: AFT });
  const limit = { type: 'limit', stopPrice: null, timeInForce: 'day', extendedHours: true };
  assert.deepEqual(shapeOrder(EXTENDED, exit), { ...limit, limitPrice: '99.5' });
  const naked = { ...EXTENDED, marketableOffsetBps: null };
  assert.deepEqual(shapeOrder(naked, exit), { ...limit, limitPrice: '99.5' });
  assert.deepEqual(shapeOrder({ ...EXTENDED, marketableOffsetBps: 100 }, exit), {
    ...limit,
    limitPrice: '99',
  });
  const waits = { ...MARKET, timeInForce: 'gtc' };
  assert.deepEqual(shapeOrder(DEFAULT_ORDERS, exit), waits);
  assert.deepEqual(shapeOrder(EXTENDED, { ...exit, closeMs: CLOSED }), waits);
  const stop = { ...exit, style: STOP };
  assert.deepEqual(shapeOrder(EXTENDED, stop), { ...waits, type: 'stop', stopPrice: '101' });
});

test('an order on a daily bar waits for the next session under its own terms', () => {
  const daily = wish({ timeframe: '1d', closeMs: midnightMs + 13 * HOUR_MS });
  assert.deepEqual(shapeOrder(EXTENDED, daily), { ...MARKET, timeInForce: 'gtc' });
});

const anyStyle: fc.Arbitrary<OrderStyle> = fc.oneof(
  fc.constant<OrderStyle>({ type: 'market' }),
  fc.record({
    type: fc.constant('limit' as const),
    limitPrice: fc.double({ min: 0.01, max: 1e6, noNaN: true }),
  }),
  fc.record({
    type: fc.constant('marketable_limit' as const),
    offsetBps: fc.double({ min: 0, max: 1_000, noNaN: true }),
  }),
  fc.record({
    type: fc.constant('stop' as const),
    stopPrice: fc.double({ min: 0.01, max: 1e6, noNaN: true }),
  }),
);

const anyWish = fc.record({
  style: anyStyle,
  purpose: fc.constantFrom('entry' as const, 'exit' as const),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  closeMs: fc.constantFrom(PRE, RTH, AFT, CLOSED),
});

test('an exit is never refused at any hour, and only a limit is marked for extended hours', () => {
  fc.assert(
    fc.property(anyWish, fc.boolean(), (wished, extendedHours) => {
      const shaped = shapeOrder({ ...EXTENDED, extendedHours }, wish(wished));
      if ('refused' in shaped)
        return assert.ok(wished.purpose === 'entry' || shaped.refused === 'price_below_tick');
      assert.equal(shaped.limitPrice !== null, shaped.type === 'limit');
      assert.equal(shaped.stopPrice !== null, shaped.type === 'stop');
      if (!shaped.extendedHours) return undefined;
      assert.equal(shaped.type, 'limit');
      assert.equal(shaped.timeInForce, 'day');
      return assert.ok(extendedHours && (wished.closeMs === PRE || wished.closeMs === AFT));
    }),
  );
});
