import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '@aistock/market';
import type { CostModel, OrderType, TimeInForce } from '@aistock/shared';
import fc from 'fast-check';
import { Decimal } from '../decimal.ts';
import { fillsOf, FREE, HOUR_MS, matchBars, orderOf, termsOf } from './fills.fixture.ts';
import { matchBar, type FillReport, type Matched, type VenueHolding, type VenueOrder } from './index.ts';

const cents = fc.integer({ min: 5_000, max: 15_000 }).map((value) => value / 100);
const texts = cents.map(String);
const bars = (length: number): fc.Arbitrary<Bar[]> =>
  fc
    .array(fc.tuple(cents, cents, cents, cents, fc.integer({ min: 0, max: 40 })), {
      minLength: length,
      maxLength: length,
    })
    .map((rows) =>
      rows.map(([open, close, a, b, volume], index) => ({
        openMs: index * HOUR_MS,
        open: String(open),
        high: String(Math.max(open, close, a, b)),
        low: String(Math.min(open, close, a, b)),
        close: String(close),
        volume: String(volume / 4),
      })),
    );

const costs: fc.Arbitrary<CostModel> = fc.record({
  fees: fc.record({
    maker_bps: fc.integer({ min: 0, max: 50 }),
    taker_bps: fc.integer({ min: 0, max: 50 }),
    taken_in: fc.constantFrom('quote' as const, 'base' as const),
  }),
  spread: fc.oneof(
    fc.record({ type: fc.constant('bps' as const), bps: fc.integer({ min: 0, max: 50 }) }),
    fc.record({ type: fc.constant('range' as const), share: fc.constantFrom(0, 0.1, 1) }),
  ),
  slippage: fc.oneof(
    fc.record({ type: fc.constant('fixed' as const), bps: fc.integer({ min: 0, max: 50 }) }),
    fc.record({ type: fc.constant('volume_share' as const), impact: fc.constantFrom(0, 0.1) }),
    fc.record({ type: fc.constant('volatility' as const), share: fc.constantFrom(0, 0.1) }),
  ),
  latency_ms: fc.constant(0),
  participation_max: fc.constantFrom(null, 0.1, 0.5, 1),
});

const orders: fc.Arbitrary<VenueOrder> = fc
  .record({
    type: fc.constantFrom<OrderType>('market', 'limit', 'stop', 'stop_limit', 'trailing_stop'),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.integer({ min: 1, max: 40 }).map((value) => String(value / 4)),
    limit: texts,
    stop: texts,
    trailBps: fc.integer({ min: 1, max: 3_000 }),
    timeInForce: fc.constantFrom<TimeInForce>('day', 'gtc', 'ioc', 'fok'),
    reduceOnly: fc.boolean(),
    placedMs: fc.integer({ min: 0, max: 3 * HOUR_MS }),
    protected: fc.boolean(),
    exits: fc.tuple(cents, cents, fc.option(fc.integer({ min: 1, max: 3_000 }))),
  })
  .map(({ limit, stop, exits: [one, other, trail], protected: isProtected, ...order }) => {
    const [low, high] = [String(Math.min(one, other)), String(Math.max(one, other))];
    const buys = order.side === 'buy';
    const protection = {
      stopPrice: buys ? low : high,
      targetPrice: buys ? high : low,
      trailBps: trail,
    };
    return orderOf(order.type, {
      ...order,
      limitPrice: order.type === 'limit' || order.type === 'stop_limit' ? limit : null,
      stopPrice: order.type === 'stop' || order.type === 'stop_limit' ? stop : null,
      trailBps: order.type === 'trailing_stop' ? order.trailBps : null,
      protection: isProtected && !order.reduceOnly ? protection : null,
    });
  });
const books: fc.Arbitrary<readonly VenueOrder[]> = fc
  .array(orders, { minLength: 1, maxLength: 6 })
  .map((list) => list.map((order, index) => ({ ...order, orderId: `order-${index}` })));
const holdings: fc.Arbitrary<VenueHolding> = fc.record({
  cash: fc.constantFrom('0', '500', '5000', '100000'),
  quantity: fc.constantFrom('-5', '-0.25', '0', '0.25', '5'),
});
const runs = fc.record({ book: books, bars: bars(6), holding: holdings, costs });

const total = (fills: readonly FillReport[]): Decimal =>
  fills.reduce((sum, { quantity }) => sum.plus(quantity), new Decimal(0));
const ofOrder = (matched: Matched, orderId: string, protection: FillReport['protection']): FillReport[] =>
  fillsOf(matched).filter((fill) => fill.orderId === orderId && fill.protection === protection);

test('cash and quantity are what they were and what the fills say, to the last digit', () => {
  fc.assert(
    fc.property(runs, ({ book, bars: series, holding, costs: model }) => {
      const matched = matchBars(book, series, holding, termsOf(model));
      let cash = new Decimal(holding.cash);
      let quantity = new Decimal(holding.quantity);
      for (const fill of fillsOf(matched)) {
        const sign = fill.side === 'buy' ? 1 : -1;
        cash = cash.minus(new Decimal(fill.price).times(fill.quantity).times(sign));
        quantity = quantity.plus(new Decimal(fill.quantity).times(sign));
        if (fill.feeTakenIn === 'quote') cash = cash.minus(fill.fee);
        else quantity = quantity.minus(fill.fee);
      }
      assert.deepEqual(
        [matched.holding.cash, matched.holding.quantity],
        [cash.toFixed(), quantity.isZero() ? '0' : quantity.toFixed()],
      );
    }),
    { numRuns: 500 },
  );
});

test('the parts of an order are its quantity when it is whole, and never more', () => {
  fc.assert(
    fc.property(runs, ({ book, bars: series, holding, costs: model }) => {
      const matched = matchBars(book, series, holding, termsOf(model));
      for (const { orderId, quantity } of book) {
        const fills = ofOrder(matched, orderId, null);
        const ended = matched.reports.filter(
          (report) => report.kind === 'ended' && report.orderId === orderId && report.protection === null,
        );
        const whole = fills.filter(({ complete }) => complete).length;
        assert.equal(whole, total(fills).eq(quantity) ? 1 : 0);
        assert.ok(total(fills).lte(quantity));
        const working = matched.orders.filter((order) => order.orderId === orderId).length;
        assert.equal(whole + ended.length + working, 1, 'whole, ended or working, and only one of them');
      }
    }),
    { numRuns: 500 },
  );
});

test('a maker fills inside of its bar, a taker beyond it by its costs at most, and none beyond its limit', () => {
  fc.assert(
    fc.property(runs, ({ book, bars: series, holding, costs: model }) => {
      const matched = matchBars(book, series, holding, termsOf(model));
      for (const fill of fillsOf(matched)) {
        const bar = series[Math.floor(fill.atMs / HOUR_MS)]!;
        const price = new Decimal(fill.price);
        if (fill.liquidity === 'maker') {
          assert.ok(price.gte(bar.low) && price.lte(bar.high));
          assert.equal(fill.slippageCost, '0');
        } else {
          const cost = new Decimal(fill.slippageCost).div(fill.quantity);
          const reference = fill.side === 'buy' ? price.minus(cost) : price.plus(cost);
          const order = book.find(({ orderId }) => orderId === fill.orderId)!;
          const limit = fill.protection === null ? order.limitPrice : null;
          if (limit === null)
            assert.ok(reference.gte(bar.low) && reference.lte(bar.high), `${fill.price} in ${bar.low}`);
          else assert.ok(fill.side === 'buy' ? price.lte(limit) : price.gte(limit));
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('a maker never fills at a price that the bar did not trade through', () => {
  fc.assert(
    fc.property(runs, ({ book, bars: series, holding, costs: model }) => {
      for (const fill of fillsOf(matchBars(book, series, holding, termsOf(model)))) {
        if (fill.liquidity === 'taker') continue;
        const bar = series[Math.floor(fill.atMs / HOUR_MS)]!;
        assert.ok(
          fill.side === 'buy' ? new Decimal(fill.price).gt(bar.low) : new Decimal(fill.price).lt(bar.high),
        );
      }
    }),
    { numRuns: 500 },
  );
});

test('the exits of a bracket never fill more than its entry, and never after the stop was triggered or the target whole', () => {
  fc.assert(
    fc.property(runs, ({ book, bars: series, holding, costs: model }) => {
      const matched = matchBars(book, series, holding, termsOf(model));
      for (const { orderId } of book) {
        const exits = [...ofOrder(matched, orderId, 'stop'), ...ofOrder(matched, orderId, 'target')];
        assert.ok(total(exits).lte(total(ofOrder(matched, orderId, null))));
        const parts = fillsOf(matched)
          .filter((fill) => fill.orderId === orderId && fill.protection !== null)
          .map(({ protection }) => protection);
        assert.ok(!parts.slice(parts.indexOf('stop')).includes('target') || !parts.includes('stop'));
        if (model.participation_max === null) assert.ok(parts.length <= 1, 'the one or the other');
      }
    }),
    { numRuns: 1000 },
  );
});

test('an order to reduce never makes a position larger or turns it round', () => {
  fc.assert(
    fc.property(runs, ({ book, bars: series, holding, costs: model }) => {
      const reducing = book.map((order) => ({ ...order, reduceOnly: true, protection: null }));
      let quantity = new Decimal(holding.quantity);
      for (const fill of fillsOf(
        matchBars(reducing, series, holding, termsOf({ ...model, fees: FREE.fees })),
      )) {
        const after = quantity.plus(fill.side === 'buy' ? fill.quantity : `-${fill.quantity}`);
        assert.ok(
          after.abs().lt(quantity.abs()) && (after.isZero() || after.isNegative() === quantity.isNegative()),
        );
        quantity = after;
      }
    }),
  );
});

test('nothing that happens depends on bars to come', () => {
  fc.assert(
    fc.property(
      runs,
      fc.integer({ min: 1, max: 5 }),
      ({ book, bars: series, holding, costs: model }, cut) => {
        const terms = termsOf(model);
        const whole = matchBars(book, series, holding, terms);
        const first = matchBars(book, series.slice(0, cut), holding, terms);
        const then = matchBars(first.orders, series.slice(cut), first.holding, terms);
        assert.deepEqual([...first.reports, ...then.reports], whole.reports);
        assert.deepEqual([then.orders, then.holding], [whole.orders, whole.holding]);
      },
    ),
  );
});

test('a bar that passes orders by leaves them as it would if it looked at each', () => {
  const lookout = orderOf('market', { orderId: 'lookout', timeInForce: 'day', placedMs: 100 * HOUR_MS });
  fc.assert(
    fc.property(runs, ({ book, bars: series, holding, costs: model }) => {
      const terms = termsOf(model);
      const waiting = book.map((order) => ({ ...order, timeInForce: 'gtc' as const, resting: true }));
      const quick = matchBars(waiting, series, holding, terms);
      const thorough = matchBars([...waiting, lookout], series, holding, terms);
      assert.deepEqual(quick.reports, thorough.reports);
      // Made values have no prototype, and those that were passed by are still the made ones.
      assert.deepEqual({ ...quick.holding }, { ...thorough.holding });
      assert.deepEqual(
        quick.orders,
        thorough.orders.filter(({ orderId }) => orderId !== 'lookout'),
      );
    }),
    { numRuns: 1000 },
  );
});

/** Finer bars, each opening where the one before closed, and the bar that they are together. */
const split = fc.array(fc.tuple(cents, cents, cents), { minLength: 2, maxLength: 4 }).map((rows) => {
  let open = 100;
  const parts = rows.map(([close, a, b], index): Bar => {
    const part = {
      openMs: (index * HOUR_MS) / 4,
      open: String(open),
      high: String(Math.max(open, close, a, b)),
      low: String(Math.min(open, close, a, b)),
      close: String(close),
      volume: '10',
    };
    open = close;
    return part;
  });
  const whole: Bar = {
    openMs: 0,
    open: '100',
    high: String(Math.max(...parts.map(({ high }) => Number(high)))),
    low: String(Math.min(...parts.map(({ low }) => Number(low)))),
    close: parts.at(-1)!.close,
    volume: '40',
  };
  return { whole, parts };
});

const worth = ({ holding }: Matched, bar: Bar): Decimal =>
  new Decimal(holding.cash).plus(new Decimal(holding.quantity).times(bar.close));
const isLeft = (matched: Matched): boolean => fillsOf(matched).length === 2;
const prices = (matched: Matched): string[] =>
  fillsOf(matched).map(({ price, quantity }) => `${quantity} ${price}`);

test('without finer bars a bracket never ends better than with them', () => {
  fc.assert(
    fc.property(split, orders, ({ whole, parts }, order) => {
      const fixed = order.protection && { ...order.protection, trailBps: null };
      const entry = { ...order, placedMs: 0, type: 'market', reduceOnly: false, protection: fixed } as const;
      const start = { cash: '100000', quantity: '0' };
      const detail = { timeframe: '15m', bars: parts } as const;
      const coarse = matchBar([entry], whole, start, termsOf());
      const fine = matchBar([entry], whole, start, termsOf({}, { detail }));
      // A position that is left in the one and kept in the other has another fate, not a better or worse fill.
      if (isLeft(coarse) === isLeft(fine)) assert.ok(worth(coarse, whole).lte(worth(fine, whole)));
      assert.ok(isLeft(coarse) || !isLeft(fine), 'what finer bars let out the bar lets out');
    }),
    { numRuns: 1000 },
  );
});

test('a market or limit order that was there before the bar fills alike with finer bars and without', () => {
  fc.assert(
    fc.property(split, orders, ({ whole, parts }, order) => {
      const type = order.limitPrice === null ? 'market' : 'limit';
      const waiting = { ...order, placedMs: 0, type, reduceOnly: false, protection: null } as const;
      const start = { cash: '100000', quantity: '50' };
      const detail = { timeframe: '15m', bars: parts } as const;
      const coarse = prices(matchBar([waiting], whole, start, termsOf()));
      assert.deepEqual(prices(matchBar([waiting], whole, start, termsOf({}, { detail }))), coarse);
    }),
    { numRuns: 1000 },
  );
});
