import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Decimal } from '../decimal.ts';
import { applyFill, cashChange, FLAT, type FillAmounts } from './index.ts';

const fill = (side: 'buy' | 'sell', quantity: string, price: string, fee = '0'): FillAmounts => ({
  side,
  quantity,
  price,
  fee,
});

test('a second buy averages the price', () => {
  const position = [fill('buy', '1', '100', '0.1'), fill('buy', '3', '104', '0.3')].reduce(applyFill, FLAT);
  assert.deepEqual(position, {
    quantity: '4',
    cost: '412',
    averagePrice: '103',
    realisedPnl: '0',
    fees: '0.4',
  });
});

test('a part that closes keeps the average price and realises its share', () => {
  const position = [fill('buy', '4', '103'), fill('sell', '1', '110')].reduce(applyFill, FLAT);
  assert.deepEqual(position, {
    quantity: '3',
    cost: '309',
    averagePrice: '103',
    realisedPnl: '7',
    fees: '0',
  });
});

test('a sale through zero closes the long and opens a short at its own price', () => {
  const position = [fill('buy', '2', '100'), fill('sell', '5', '90')].reduce(applyFill, FLAT);
  assert.deepEqual(position, {
    quantity: '-3',
    cost: '-270',
    averagePrice: '90',
    realisedPnl: '-20',
    fees: '0',
  });
});

test('a buy through zero closes the short and opens a long', () => {
  const position = [fill('sell', '3', '90'), fill('buy', '4', '80')].reduce(applyFill, FLAT);
  assert.deepEqual(position, { quantity: '1', cost: '80', averagePrice: '80', realisedPnl: '30', fees: '0' });
});

test('what closes flat leaves no cost behind, even where the average price is rounded', () => {
  const fills = [
    fill('buy', '1', '1'),
    fill('buy', '2', '1.1'),
    fill('sell', '1', '2'),
    fill('sell', '2', '2'),
  ];
  const position = fills.reduce(applyFill, FLAT);
  assert.deepEqual(position, { ...FLAT, realisedPnl: '2.8' });
});

test('cash pays price and fee on a buy, and receives the price less the fee on a sale', () => {
  assert.equal(cashChange(fill('buy', '0.3', '0.1', '0.01')), '-0.04');
  assert.equal(cashChange(fill('sell', '0.3', '0.1', '0.01')), '0.02');
  assert.equal(cashChange(fill('sell', '0.1', '0.1', '0.01')), '0');
});

const amount = (min: number, max: number) =>
  fc
    .tuple(fc.integer({ min, max }), fc.integer({ min: 0, max: 12 }))
    .map(([digits, places]) => new Decimal(digits).div(new Decimal(10).pow(places)).toFixed());

const anyFill: fc.Arbitrary<FillAmounts> = fc.record({
  side: fc.constantFrom('buy' as const, 'sell' as const),
  quantity: amount(1, 1_000_000),
  price: amount(1, 100_000_000),
  fee: amount(0, 10_000),
});

test('no money is made or lost: cash spent is cost minus realised profit plus fees, to the last digit', () => {
  fc.assert(
    fc.property(fc.array(anyFill, { maxLength: 40 }), (fills) => {
      const position = fills.reduce(applyFill, FLAT);
      const cash = fills.reduce((total, each) => total.plus(cashChange(each)), new Decimal(0));
      const booked = new Decimal(position.realisedPnl).minus(position.cost).minus(position.fees);
      assert.equal(cash.toFixed(), booked.toFixed());
    }),
  );
});

test('the cost has the sign of the quantity, and the average price lies between the prices paid', () => {
  fc.assert(
    fc.property(fc.array(anyFill, { minLength: 1, maxLength: 40 }), (fills) => {
      const position = fills.reduce(applyFill, FLAT);
      const quantity = new Decimal(position.quantity);
      if (position.averagePrice === null) return assert.equal(position.cost, '0');
      assert.equal(new Decimal(position.cost).isNegative(), quantity.isNegative());
      const prices = fills.map(({ price }) => new Decimal(price));
      assert.ok(
        Decimal.min(...prices)
          .minus(1e-11)
          .lte(position.averagePrice),
      );
      assert.ok(
        Decimal.max(...prices)
          .plus(1e-11)
          .gte(position.averagePrice),
      );
    }),
  );
});

test('splitting a fill in two changes nothing but the rounding of what is released', () => {
  fc.assert(
    fc.property(fc.array(anyFill, { maxLength: 10 }), anyFill, (fills, last) => {
      const before = fills.reduce(applyFill, FLAT);
      const half = new Decimal(last.quantity).div(2).toFixed();
      const whole = applyFill(before, { ...last, fee: '0' });
      const parts = [last, last].map((each) => ({ ...each, quantity: half, fee: '0' }));
      const split = parts.reduce(applyFill, before);
      assert.equal(split.quantity, whole.quantity);
      assert.ok(new Decimal(split.realisedPnl).minus(whole.realisedPnl).abs().lte(1e-20));
    }),
  );
});
