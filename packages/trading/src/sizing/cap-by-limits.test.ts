import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Limits, OrderTerms } from '@aistock/shared';
import fc from 'fast-check';
import { Decimal } from '../decimal.ts';
import { reviewOrder } from '../risk/index.ts';
import { capByLimits, entryQuantity } from './index.ts';

const INSTRUMENT = 'BTC/USDT';
const RULES = { fromMs: 0, lotSize: '0.001', tickSize: '0.01', notionalMin: '0' };
const INPUTS = {
  instrument: INSTRUMENT,
  price: '100',
  equity: '1000',
  grossInstrument: '0',
  grossAccount: '0',
  accountShare: 1,
};

function limits(own: Partial<Limits['instruments'][string]> = {}, grossMax = '1000000'): Limits {
  return {
    account: 'paper',
    clock: 'replay',
    strategies: ['trend_following'],
    restricted: [],
    duplicate_window_ms: 0,
    gross_notional_max: grossMax,
    instruments: {
      [INSTRUMENT]: {
        price_stream: 'csv:BTC/USDT:5m',
        price_age_ms_max: 1_000,
        tick_size: '0.01',
        lot_size: '0.001',
        quantity_max: '1000000',
        notional_min: '0',
        notional_max: '1000000',
        collar_bps: 10_000,
        gross_notional_max: '1000000',
        ...own,
      },
    },
  };
}

test('each limit caps the share of equity, less what counts already', () => {
  assert.equal(capByLimits(limits(), INPUTS), 1);
  assert.equal(capByLimits(limits({ notional_max: '250' }), INPUTS), 0.25);
  assert.equal(capByLimits(limits({ quantity_max: '3' }), INPUTS), 0.3);
  assert.equal(
    capByLimits(limits({ gross_notional_max: '500' }), { ...INPUTS, grossInstrument: '400' }),
    0.1,
  );
  assert.equal(capByLimits(limits({}, '500'), { ...INPUTS, grossAccount: '300' }), 0.2);
  assert.equal(capByLimits(limits({}, '500'), { ...INPUTS, grossAccount: '300', accountShare: 0.25 }), 0.05);
});

test('what is not allowed at all, and an account without equity, gets nothing', () => {
  assert.equal(capByLimits(limits(), { ...INPUTS, instrument: 'ETH/USDT' }), 0);
  assert.equal(capByLimits(limits(), { ...INPUTS, instrument: 'toString' }), 0);
  assert.equal(capByLimits(limits({ gross_notional_max: '5' }), { ...INPUTS, grossInstrument: '6' }), 0);
  assert.equal(
    capByLimits(limits({ gross_notional_max: '5' }), { ...INPUTS, equity: '5', grossInstrument: '4.5' }),
    0.1,
  );
  assert.equal(capByLimits(limits(), { ...INPUTS, equity: '0.5' }), 1);
  for (const equity of ['0', '-1']) assert.equal(capByLimits(limits(), { ...INPUTS, equity }), 0);
});

const amount = fc
  .tuple(fc.integer({ min: 1, max: 100_000_000 }), fc.integer({ min: 0, max: 5 }))
  .map(([units, places]) => new Decimal(units).div(10 ** places).toFixed());

test('an entry of that size passes the gate, to the last digit', () => {
  fc.assert(
    fc.property(amount, amount, amount, amount, (price, equity, notionalMax, grossMax) => {
      const own = { notional_max: notionalMax, gross_notional_max: grossMax };
      const set = limits(own);
      const fraction = capByLimits(set, { ...INPUTS, price, equity });
      assert.ok(fraction >= 0 && fraction <= 1);
      const sized = entryQuantity({ equity, fraction, price, rules: RULES });
      if ('refused' in sized) return;
      const verdict = reviewOrder(orderOf(sized.quantity), {
        limits: set,
        clockMs: 0,
        books: {
          venue: 'paper',
          cash: equity,
          reconciled: true,
          positions: [],
          openOrders: [],
          earlierOrders: [],
        },
        clientOrderIdUsed: false,
        prices: new Map([[INSTRUMENT, { price, atMs: 0 }]]),
        inRegularHours: true,
        kills: [],
      });
      assert.equal(verdict.verdict, 'approved', JSON.stringify(verdict));
    }),
  );
});

function orderOf(quantity: string): OrderTerms {
  return {
    client_order_id: 'as0123456789abcdef',
    account: 'paper',
    strategy: 'trend_following',
    slot: 'trend',
    instrument: INSTRUMENT,
    side: 'buy',
    order_type: 'market',
    quantity,
    limit_price: null,
    stop_price: null,
    trail_bps: null,
    time_in_force: 'gtc',
    extended_hours: false,
    reduce_only: false,
    protection: null,
  };
}
