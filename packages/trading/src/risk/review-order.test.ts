import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DENIAL_CODES, type DenialCode } from '@aistock/shared';
import { reviewOrder } from './index.ts';
import { ORDER_TYPE_CASES } from './order-type-cases.fixture.ts';
import {
  NOW_MS,
  terms,
  inputs,
  codes,
  withBooks,
  withLimits,
  withPrice,
  market,
  held,
  open,
  exits,
  earlier,
  type Case,
} from './review-order.fixture.ts';

test('an order inside every limit passes, with the price that it was judged by', () => {
  assert.deepEqual(reviewOrder(terms, inputs), { verdict: 'approved', referencePrice: '100' });
});

const CASES: readonly Case[] = [
  ...ORDER_TYPE_CASES,
  { name: 'limits were never set', code: 'limits_not_set', change: { limits: undefined } },
  {
    name: 'a replay clock outside of the paper venue',
    code: 'limits_not_set',
    change: withBooks({ venue: 'alpaca' }),
    passes: { change: { ...withBooks({ venue: 'alpaca' }), ...withLimits({ clock: 'wall' }) } },
  },
  { name: 'no limits for the instrument', code: 'instrument_unknown', order: { instrument: 'DOGE/USDT' } },
  {
    name: 'a name that every object has is no instrument',
    code: 'instrument_unknown',
    order: { instrument: 'constructor' },
  },
  { name: 'restricted', code: 'instrument_restricted', change: withLimits({ restricted: ['BTC/USDT'] }) },
  { name: 'another strategy', code: 'strategy_not_permitted', order: { strategy: 'market_making' } },
  {
    name: 'off the tick',
    code: 'price_off_tick',
    order: { limit_price: '100.25' },
    passes: { order: { limit_price: '100.50' } },
  },
  {
    name: 'off the lot',
    code: 'quantity_off_lot',
    order: { quantity: '0.15' },
    passes: { order: { quantity: '0.3' } },
  },
  {
    name: 'quantity',
    code: 'quantity_above_max',
    order: { quantity: '10.1' },
    passes: { order: { quantity: '10' } },
  },
  {
    name: 'too small',
    code: 'notional_below_min',
    order: { ...market, quantity: '0.1' },
    change: withPrice('99.9'),
    passes: { order: { ...market, quantity: '0.1' } },
  },
  {
    name: 'too large, by the higher of the two prices',
    code: 'notional_above_max',
    order: { quantity: '10', limit_price: '149.5' },
    change: withPrice('150.5'),
    passes: { order: { quantity: '10', limit_price: '149.5' }, change: withPrice('150') },
  },
  { name: 'no price', code: 'price_missing', change: { prices: new Map() } },
  { name: 'a price of zero', code: 'price_missing', change: withPrice('0') },
  { name: 'a price below zero', code: 'price_missing', change: withPrice('-1') },
  { name: 'a price that is no number', code: 'price_missing', change: withPrice('NaN') },
  {
    name: 'an old price',
    code: 'price_stale',
    change: withPrice('100', NOW_MS - 60_001),
    passes: { change: withPrice('100', NOW_MS - 60_000) },
  },
  { name: 'a price from the future', code: 'price_stale', change: withPrice('100', NOW_MS + 1) },
  { name: 'a price without a time', code: 'price_stale', change: withPrice('100', Number.NaN) },
  {
    name: 'far above the market',
    code: 'price_outside_collar',
    order: { limit_price: '105.5' },
    passes: { order: { limit_price: '105' } },
  },
  {
    name: 'far below the market',
    code: 'price_outside_collar',
    order: { limit_price: '94.5' },
    passes: { order: { limit_price: '95' } },
  },
  {
    name: 'the same trade again',
    code: 'duplicate_order',
    change: withBooks({ earlierOrders: [earlier] }),
    passes: { change: withBooks({ earlierOrders: [{ ...earlier, atMs: NOW_MS - 1_000 }] }) },
  },
  {
    name: 'the same trade again is the same order under the same id',
    code: 'duplicate_order',
    change: withBooks({ earlierOrders: [earlier] }),
    passes: { change: withBooks({ earlierOrders: [{ ...earlier, clientOrderId: terms.client_order_id }] }) },
  },
  { name: 'a used id', code: 'client_order_id_used', change: { clientOrderIdUsed: true } },
  {
    name: 'reduce-only while flat',
    code: 'reduce_only_would_increase',
    order: { side: 'sell', reduce_only: true },
    passes: { order: { side: 'sell', reduce_only: true }, change: withBooks(held('2')) },
  },
  {
    name: 'reduce-only through zero, counting the other sales',
    code: 'reduce_only_would_increase',
    order: { side: 'sell', reduce_only: true },
    change: withBooks({ ...held('3'), ...open('sell', '1.1') }),
    passes: {
      order: { side: 'sell', reduce_only: true },
      change: withBooks({ ...held('3'), ...open('sell', '1') }),
    },
  },
  {
    name: 'reduce-only that buys on top of a long',
    code: 'reduce_only_would_increase',
    order: { reduce_only: true },
    change: withBooks(held('2')),
    passes: { order: { reduce_only: true }, change: withBooks(held('-2')) },
  },
  {
    name: 'position and order together in the instrument',
    code: 'instrument_exposure_above_max',
    change: withBooks(held('18')),
    passes: { change: withBooks(held('17.9')) },
  },
  {
    name: 'open orders count as filled',
    code: 'instrument_exposure_above_max',
    change: withBooks(open('buy', '18')),
    passes: { change: withBooks(open('sell', '18')) },
  },
  {
    name: 'another instrument fills the account',
    code: 'account_exposure_above_max',
    change: {
      ...withBooks(held('28', 'ETH/USDT')),
      prices: new Map([
        ['BTC/USDT', { price: '100', atMs: NOW_MS }],
        ['ETH/USDT', { price: '100', atMs: NOW_MS }],
      ]),
    },
  },
  {
    name: 'an instrument that is held and has no price',
    code: 'price_missing',
    change: withBooks(held('1', 'ETH/USDT')),
    passes: {
      order: { side: 'sell' },
      change: withBooks({ positions: [...held('1', 'ETH/USDT').positions, ...held('2').positions] }),
    },
  },
  {
    name: 'not enough cash',
    code: 'cash_insufficient',
    change: withBooks({ cash: '200.99' }),
    passes: { change: withBooks({ cash: '201' }) },
  },
  {
    name: 'open buys bind cash',
    code: 'cash_insufficient',
    change: withBooks({ cash: '400', ...open('buy', '2') }),
    passes: { change: withBooks({ cash: '402', ...open('buy', '2') }) },
  },
  {
    name: 'what a short brought in is not free',
    code: 'cash_insufficient',
    order: { side: 'sell' },
    change: withBooks({ cash: '602.99', ...held('-2') }),
    passes: { order: { side: 'sell' }, change: withBooks({ cash: '603', ...held('-2') }) },
  },
  { name: 'books that differ', code: 'not_reconciled', change: withBooks({ reconciled: false }) },
  { name: 'an account that nobody opened', code: 'not_reconciled', change: { books: undefined } },
  ...['firm', 'account:paper', 'strategy:trend_following', 'instrument:BTC/USDT'].flatMap((scope): Case[] => [
    {
      name: `halted for ${scope}`,
      code: 'trading_halted',
      order: { side: 'sell', reduce_only: true },
      change: { ...withBooks(held('5')), kills: [{ scope, level: 'halted' }] },
    },
    {
      name: `reducing for ${scope}`,
      code: 'trading_reducing_only',
      change: { kills: [{ scope, level: 'reducing' }] },
      passes: {
        order: { side: 'sell' },
        change: { ...withBooks(held('5')), kills: [{ scope, level: 'reducing' }] },
      },
    },
  ]),
];

for (const { name, code, order = {}, change = {}, passes } of CASES) {
  test(`denied: ${name}`, () => {
    assert.deepEqual(codes(order, change), [code]);
    if (passes) assert.deepEqual(codes(passes.order ?? {}, passes.change), []);
  });
}

test('every denial code has a case', () => {
  assert.deepEqual(new Set(CASES.map(({ code }) => code)), new Set(DENIAL_CODES));
});

test('exits of a bracket that protect a position take up nothing of the limits', () => {
  const change = withBooks({ cash: '201', ...held('17.9'), ...exits('17.9') });
  assert.deepEqual(codes({}, change), []);
});

test('kill switches of other scopes do not matter', () => {
  const kills = ['account:live', 'strategy:market_making', 'instrument:BTC'].map(
    (scope) => ({ scope, level: 'halted' }) as const,
  );
  assert.deepEqual(codes({}, { kills }), []);
});

test('all reasons are told at once', () => {
  const all = codes(
    { strategy: 'market_making', quantity: '1000.01', limit_price: '120.3' },
    {
      ...withBooks({ reconciled: false, cash: '1', earlierOrders: [] }),
      clientOrderIdUsed: true,
      kills: [{ scope: 'firm', level: 'halted' }],
    },
  );
  assert.deepEqual(
    new Set(all),
    new Set<DenialCode>([
      'strategy_not_permitted',
      'not_reconciled',
      'client_order_id_used',
      'price_off_tick',
      'quantity_off_lot',
      'quantity_above_max',
      'notional_above_max',
      'price_outside_collar',
      'trading_halted',
      'instrument_exposure_above_max',
      'account_exposure_above_max',
      'cash_insufficient',
    ]),
  );
});

test('an exit passes although the market has moved the position above its limits', () => {
  const change = { ...withBooks({ cash: '0', ...held('5') }), ...withLimits({ gross_notional_max: '1' }) };
  assert.deepEqual(codes({ side: 'sell', quantity: '5', limit_price: '100' }, change), []);
});

test('a position that has grown past the largest order can be left by one, and not be turned or made larger', () => {
  const leave = { ...market, side: 'sell' as const, quantity: '20' };
  assert.deepEqual(codes(leave, withBooks(held('20'))), []);
  assert.deepEqual(codes(leave, withBooks({ ...held('20'), ...open('sell', '1') })).slice(0, 2), [
    'quantity_above_max',
    'notional_above_max',
  ]);
  assert.ok(codes({ ...leave, side: 'buy' }, withBooks(held('20'))).includes('notional_above_max'));
  assert.ok(codes(leave, { books: undefined }).includes('notional_above_max'));
});
