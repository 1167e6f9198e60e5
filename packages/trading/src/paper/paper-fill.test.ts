import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '@aistock/market';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { paperFill, type PaperOrder, type PaperTerms } from './paper-fill.ts';

const BAR: Bar = { openMs: 0, open: '100', high: '110', low: '90', close: '105', volume: '1' };
const TERMS: PaperTerms = { feeBps: 10, slippageBps: 5 };

const cents = fc.integer({ min: 1, max: 10_000_000 }).map((value) => value / 100);
const bars: fc.Arbitrary<Bar> = fc.tuple(cents, cents, cents, cents).map(([open, close, a, b]) => ({
  openMs: 0,
  open: String(open),
  high: String(Math.max(open, close, a, b)),
  low: String(Math.min(open, close, a, b)),
  close: String(close),
  volume: '1',
}));
const terms = fc.record({
  feeBps: fc.integer({ min: 0, max: 1000 }),
  slippageBps: fc.integer({ min: 0, max: 1000 }),
});
const side = fc.constantFrom('buy' as const, 'sell' as const);
const quantities = fc.integer({ min: 1, max: 1_000_000 }).map((value) => String(value / 1000));
const markets: fc.Arbitrary<PaperOrder> = fc.record({
  side,
  orderType: fc.constant('market' as const),
  quantity: quantities,
  limitPrice: fc.constant(null),
});
const limits = fc.record({
  side,
  orderType: fc.constant('limit' as const),
  quantity: quantities,
  limitPrice: cents.map(String),
});

test('a market order fills at the open, moved against it, with the fee on the notional', () => {
  const market = { orderType: 'market', quantity: '2', limitPrice: null } as const;
  assert.deepEqual(paperFill({ side: 'buy', ...market }, BAR, TERMS), {
    price: '100.05',
    quantity: '2',
    fee: '0.2001',
  });
  assert.deepEqual(paperFill({ side: 'sell', ...market }, BAR, TERMS), {
    price: '99.95',
    quantity: '2',
    fee: '0.1999',
  });
});

test('a limit that the bar only touches does not fill', () => {
  const limit = { orderType: 'limit', quantity: '1' } as const;
  assert.equal(paperFill({ side: 'buy', limitPrice: '90', ...limit }, BAR, TERMS), undefined);
  assert.equal(paperFill({ side: 'sell', limitPrice: '110', ...limit }, BAR, TERMS), undefined);
  assert.equal(paperFill({ side: 'buy', limitPrice: '90.01', ...limit }, BAR, TERMS)?.price, '90.01');
  assert.equal(paperFill({ side: 'sell', limitPrice: '109.99', ...limit }, BAR, TERMS)?.price, '109.99');
});

test('a limit better than the open fills at the open with slippage, but never beyond the limit', () => {
  const limit = { orderType: 'limit', quantity: '1' } as const;
  assert.equal(paperFill({ side: 'buy', limitPrice: '101', ...limit }, BAR, TERMS)?.price, '100.05');
  assert.equal(paperFill({ side: 'buy', limitPrice: '100.01', ...limit }, BAR, TERMS)?.price, '100.01');
  assert.equal(paperFill({ side: 'sell', limitPrice: '99', ...limit }, BAR, TERMS)?.price, '99.95');
  assert.equal(paperFill({ side: 'sell', limitPrice: '99.99', ...limit }, BAR, TERMS)?.price, '99.99');
});

test('a market order always fills whole and never better than the open after slippage', () => {
  fc.assert(
    fc.property(markets, bars, terms, (order, bar, cost) => {
      const fill = paperFill(order, bar, cost);
      assert.ok(fill);
      const slippage = new Decimal(cost.slippageBps).div(10_000);
      if (order.side === 'buy') {
        assert.ok(new Decimal(fill.price).gte(new Decimal(bar.open).times(slippage.plus(1))));
        assert.ok(new Decimal(fill.price).gte(bar.low));
      } else {
        assert.ok(new Decimal(fill.price).lte(new Decimal(bar.open).times(new Decimal(1).minus(slippage))));
        assert.ok(new Decimal(fill.price).lte(bar.high));
      }
      assert.ok(new Decimal(fill.quantity).eq(order.quantity));
      assert.ok(
        new Decimal(fill.fee).gte(
          new Decimal(fill.price).times(fill.quantity).times(cost.feeBps).div(10_000),
        ),
      );
    }),
  );
});

test('a limit order fills only when traded through, inside the bar, never worse than its limit', () => {
  fc.assert(
    fc.property(limits, bars, terms, (order, bar, cost) => {
      const fill = paperFill(order, bar, cost);
      const limit = new Decimal(order.limitPrice);
      const through = order.side === 'buy' ? limit.gt(bar.low) : limit.lt(bar.high);
      assert.equal(fill !== undefined, through);
      if (!fill) return;
      const price = new Decimal(fill.price);
      if (order.side === 'buy') assert.ok(price.lte(limit) && price.gte(bar.low));
      else assert.ok(price.gte(limit) && price.lte(bar.high));
    }),
  );
});

test('the smallest price sold with slippage does not fill at nothing', () => {
  const tiny = { ...BAR, open: '0.000000000001', low: '0.000000000001' };
  const order = { side: 'sell', orderType: 'market', quantity: '1', limitPrice: null } as const;
  assert.equal(paperFill(order, tiny, TERMS), undefined);
});

test('terms out of range and a limit order without its limit are refused', () => {
  const market = { side: 'buy', orderType: 'market', quantity: '1', limitPrice: null } as const;
  for (const bps of [-1, 10_000, Number.NaN]) {
    assert.throws(() => paperFill(market, BAR, { feeBps: bps, slippageBps: 0 }), RangeError);
    assert.throws(() => paperFill(market, BAR, { feeBps: 0, slippageBps: bps }), RangeError);
  }
  assert.throws(() => paperFill({ ...market, orderType: 'limit' }, BAR, TERMS), RangeError);
});
