import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderTerms } from '@aistock/shared';
import fc from 'fast-check';
import { Decimal } from '../decimal.ts';
import { checkSize } from './order-checks.ts';

const LIMITS = {
  price_stream: 'csv:SP500:1d',
  price_age_ms_max: 1_000,
  tick_size: '1',
  lot_size: '1',
  quantity_max: '1000000000',
  notional_min: '0',
  notional_max: '1',
  collar_bps: 1,
  gross_notional_max: '1',
};
const TERMS: OrderTerms = {
  client_order_id: 'as0123456789abcdef',
  account: 'paper',
  strategy: 'trend_following',
  slot: 'trend',
  instrument: 'SP500',
  side: 'buy',
  order_type: 'limit',
  quantity: '1',
  limit_price: '1',
  stop_price: null,
  trail_bps: null,
  time_in_force: 'day',
  extended_hours: false,
  reduce_only: false,
  protection: null,
};

test('a quantity is on the lot just where it divides by it, and a price on the tick, whatever their size', () => {
  const amount = fc
    .tuple(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 0, max: 12 }))
    .map(([units, places]) => new Decimal(units).div(new Decimal(10).pow(places)).toFixed());
  const step = fc.constantFrom(
    '1',
    '10',
    '7',
    '0.1',
    '0.01',
    '0.05',
    '0.25',
    '0.00001',
    '0.000000000001',
    '1.5',
  );
  fc.assert(
    fc.property(amount, amount, step, (quantity, price, size) => {
      const codes = checkSize(
        { ...TERMS, quantity, limit_price: price },
        { ...LIMITS, tick_size: size, lot_size: size },
      ).map(({ code }) => code);
      assert.equal(codes.includes('quantity_off_lot'), !new Decimal(quantity).mod(size).isZero());
      assert.equal(codes.includes('price_off_tick'), !new Decimal(price).mod(size).isZero());
    }),
    { numRuns: 1_000 },
  );
});
