import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Decimal } from '../decimal.ts';
import { entryQuantity } from './index.ts';

const RULES = { fromMs: 0, lotSize: '0.001', tickSize: '0.01', notionalMin: '5' };
const TERMS = { equity: '1000', fraction: 1, price: '3', rules: RULES };

test('a share of equity buys whole lots', () => {
  assert.deepEqual(entryQuantity(TERMS), { quantity: '333.333' });
  assert.deepEqual(entryQuantity({ ...TERMS, fraction: 0.5 }), { quantity: '166.666' });
  assert.deepEqual(entryQuantity({ ...TERMS, equity: '999.999999999999999999' }), { quantity: '333.333' });
});

test('less than a lot, less than the minimum, and no equity buy nothing', () => {
  assert.deepEqual(entryQuantity({ ...TERMS, price: '1000001' }), { refused: 'size_below_lot' });
  assert.deepEqual(entryQuantity({ ...TERMS, fraction: 0 }), { refused: 'size_below_lot' });
  assert.deepEqual(entryQuantity({ ...TERMS, equity: '-1000' }), { refused: 'size_below_lot' });
  assert.deepEqual(entryQuantity({ ...TERMS, equity: '4.999' }), { refused: 'notional_below_min' });
  assert.deepEqual(entryQuantity({ ...TERMS, equity: '5.001' }), { quantity: '1.667' });
});

test('it never costs more than the share, and one lot more would', () => {
  const amount = fc
    .integer({ min: 1, max: 1_000_000_000 })
    .map((units) => new Decimal(units).div(10_000).toFixed());
  fc.assert(
    fc.property(
      amount,
      amount,
      fc.double({ min: 0.0001, max: 1, noNaN: true }),
      (equity, price, fraction) => {
        const rules = { ...RULES, notionalMin: '0' };
        const sized = entryQuantity({ equity, fraction, price, rules });
        const quantity = new Decimal('quantity' in sized ? sized.quantity : 0);
        const share = new Decimal(equity).times(fraction);
        assert.ok(quantity.times(price).lte(share));
        assert.ok(quantity.plus(rules.lotSize).times(price).gt(share));
      },
    ),
  );
});
