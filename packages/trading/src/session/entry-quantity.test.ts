import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Decimal } from '../decimal.ts';
import { entryQuantity } from './entry-quantity.ts';

test('a share of equity is rounded down to whole lots', () => {
  assert.equal(entryQuantity('100000', 0.25, '333', '1'), '75');
  assert.equal(entryQuantity('100000', 0.25, '333', '0.001'), '75.075');
  assert.equal(entryQuantity('100', 0.5, '100', '1'), undefined);
  assert.equal(entryQuantity('-100', 0.5, '1', '1'), undefined);
});

test('what is bought is whole lots, worth no more than the share, and less than a lot below it', () => {
  const amounts = fc.integer({ min: 1, max: 1_000_000_000 }).map((cents) => new Decimal(cents).div(100));
  fc.assert(
    fc.property(
      amounts,
      fc.integer({ min: 1, max: 100 }),
      amounts,
      fc.constantFrom('1', '0.1', '0.00001', '5'),
      (equity, percent, price, lotSize) => {
        const share = equity.times(percent).div(100);
        const quantity = new Decimal(
          entryQuantity(equity.toFixed(), percent / 100, price.toFixed(), lotSize) ?? 0,
        );
        assert.ok(quantity.mod(lotSize).isZero());
        assert.ok(quantity.times(price).lte(share));
        assert.ok(quantity.plus(lotSize).times(price).gt(share));
      },
    ),
  );
});
