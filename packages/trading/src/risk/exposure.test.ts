import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Limits, OrderTerms } from '@aistock/shared';
import fc from 'fast-check';
import { Decimal } from '../decimal.ts';
import { grossNotional, instrumentExposure, isReducing, withOrder, worstQuantity } from './exposure.ts';
import { reviewOrder, type OpenOrder } from './index.ts';

const INSTRUMENT = 'BTC/USDT';
const REFERENCE = { price: '100', atMs: 0 };

const quantity = (min: number, max: number) =>
  fc.integer({ min, max }).map((tenths) => new Decimal(tenths).div(10).toFixed());

const openOrders: fc.Arbitrary<OpenOrder[]> = fc.array(
  fc.record({
    clientOrderId: fc.uuid(),
    instrument: fc.constant(INSTRUMENT),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: quantity(1, 100),
    price: fc.constantFrom('99', '100', '101'),
    bracket: fc.constantFrom(null, null, 'as_one', 'as_two'),
  }),
  { maxLength: 6 },
);

const held = quantity(-100, 100).map((amount) => [{ instrument: INSTRUMENT, quantity: amount }]);

const order: fc.Arbitrary<OrderTerms> = fc.record({
  client_order_id: fc.constant('as0123456789abcdef'),
  account: fc.constant('paper'),
  strategy: fc.constant('trend_following'),
  slot: fc.constant('trend'),
  instrument: fc.constant(INSTRUMENT),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  order_type: fc.constant('limit' as const),
  quantity: quantity(1, 100),
  limit_price: fc.constantFrom('99', '100', '101'),
  stop_price: fc.constant(null),
  trail_bps: fc.constant(null),
  time_in_force: fc.constant('day' as const),
  extended_hours: fc.constant(false),
  reduce_only: fc.boolean(),
  protection: fc.constant(null),
});

/** Of each bracket's exits one at most fills. */
function onePerBracket(orders: readonly OpenOrder[]): OpenOrder[] {
  const seen = new Set<string>();
  return orders.filter(({ bracket }) => {
    if (bracket === null) return true;
    if (seen.has(bracket)) return false;
    seen.add(bracket);
    return true;
  });
}

/** The position after a subset of the orders filled. */
function afterFills(position: Decimal, orders: readonly { side: string; quantity: string }[]): Decimal {
  return orders.reduce(
    (total, each) => (each.side === 'buy' ? total.plus(each.quantity) : total.minus(each.quantity)),
    position,
  );
}

test('no subset of the open orders leads to a larger position than the worst', () => {
  fc.assert(
    fc.property(held, openOrders, fc.infiniteStream(fc.boolean()), (positions, orders, picks) => {
      const exposure = instrumentExposure(INSTRUMENT, { positions, openOrders: orders }, REFERENCE);
      const filled = onePerBracket(orders.filter(() => picks.next().value === true));
      assert.ok(afterFills(exposure.held, filled).abs().lte(worstQuantity(exposure)));
    }),
  );
});

test('an order that reduces never turns or grows the position, whatever fills', () => {
  fc.assert(
    fc.property(held, openOrders, order, (positions, orders, terms) => {
      const exposure = instrumentExposure(INSTRUMENT, { positions, openOrders: orders }, REFERENCE);
      if (!isReducing(exposure, terms)) return;
      const sameSide = onePerBracket(orders.filter((each) => each.side === terms.side));
      const after = afterFills(exposure.held, [...sameSide, terms]);
      assert.ok(after.abs().lt(exposure.held.abs()));
      assert.ok(after.isZero() || after.isNegative() === exposure.held.isNegative());
      assert.ok(
        grossNotional(withOrder(exposure, { ...terms, limit_price: null })).lte(grossNotional(exposure)),
      );
    }),
  );
});

const MAX = '5000';
const limits: Limits = {
  account: 'paper',
  clock: 'wall',
  strategies: ['trend_following'],
  restricted: [],
  duplicate_window_ms: 0,
  gross_notional_max: MAX,
  instruments: {
    [INSTRUMENT]: {
      price_stream: 'csv:BTC/USDT:1d',
      price_age_ms_max: 1,
      tick_size: '1',
      lot_size: '0.1',
      quantity_max: '1000',
      notional_min: '0',
      notional_max: '1000000',
      collar_bps: 1_000,
      gross_notional_max: MAX,
    },
  },
};

test('whatever is asked in whatever order, what was approved never exceeds the limit', () => {
  fc.assert(
    fc.property(fc.array(order, { maxLength: 20 }), (orders) => {
      const open: OpenOrder[] = [];
      for (const [index, terms] of orders.entries()) {
        const verdict = reviewOrder(
          { ...terms, reduce_only: false, client_order_id: `as00000000000000${index}` },
          {
            limits,
            clockMs: 0,
            books: {
              venue: 'paper',
              cash: '1000000',
              reconciled: true,
              positions: [],
              openOrders: open,
              earlierOrders: [],
            },
            clientOrderIdUsed: false,
            prices: new Map([[INSTRUMENT, REFERENCE]]),
            inRegularHours: true,
            kills: [],
          },
        );
        if (verdict.verdict === 'denied') continue;
        open.push({
          ...terms,
          clientOrderId: `as00000000000000${index}`,
          price: terms.limit_price ?? '100',
          bracket: null,
        });
        const exposure = instrumentExposure(INSTRUMENT, { positions: [], openOrders: open }, REFERENCE);
        assert.ok(grossNotional(exposure).lte(MAX));
      }
    }),
  );
});
