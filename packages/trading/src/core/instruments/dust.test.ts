import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Decimal } from '../../decimal.ts';
import { exitQuantity, isDust } from './dust.ts';
import { quantityOnLot } from './instrument-rules.ts';

const RULES = { fromMs: 0, lotSize: '0.001', tickSize: '0.01', notionalMin: '5' };

test('what is below a lot or below the minimum is dust; nothing is not', () => {
  assert.equal(isDust('0', '100', RULES), false);
  assert.equal(isDust('0.0009', '1000000', RULES), true);
  assert.equal(isDust('-0.0009', '1000000', RULES), true);
  assert.equal(isDust('0.049', '100', RULES), true);
  assert.equal(isDust('0.0499999', '100', RULES), true);
  assert.equal(isDust('0.05', '100', RULES), false);
  assert.equal(isDust('-0.05', '100', RULES), false);
  assert.equal(isDust('0.0509', '98.1', RULES), true); // worth 4.99329, of which 0.05 whole lots are worth 4.905
});

test('an exit leaves whole lots, and dust goes with it as soon as it fills one', () => {
  assert.equal(exitQuantity('1.2345', '100', RULES), '1.234');
  assert.equal(exitQuantity('-1.2345', '100', RULES), '1.234');
  assert.equal(exitQuantity('0.0499', '100', RULES), null);
  const dust = '0.0005';
  const entered = '1.0005';
  assert.equal(exitQuantity(entered, '100', RULES), '1');
  assert.equal(exitQuantity(new Decimal(dust).plus(entered).toFixed(), '100', RULES), '1.001');
});

const decimal = (max: number, places: number) =>
  fc.integer({ min: 1, max }).map((units) => new Decimal(units).div(10 ** places).toFixed());

test('dust is exactly what no order can leave', () => {
  fc.assert(
    fc.property(
      fc.oneof(decimal(2_000_000, 6), decimal(400, 1)),
      decimal(100_000, 2),
      fc.constantFrom('0.000001', '0.001', '0.3', '1', '7'),
      fc.constantFrom('0', '0.01', '5', '250'),
      (held, price, lotSize, notionalMin) => {
        const rules = { ...RULES, lotSize, notionalMin };
        const lots = quantityOnLot(held, rules);
        const canLeave = lots !== null && new Decimal(lots).times(price).gte(notionalMin);
        assert.equal(isDust(held, price, rules), !canLeave);
        assert.equal(isDust(`-${held}`, price, rules), !canLeave);
        assert.equal(exitQuantity(held, price, rules), canLeave ? lots : null);
      },
    ),
  );
});
