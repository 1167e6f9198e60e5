import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Limits } from '@aistock/shared';
import { FIXED_SIZING } from '../../sizing/index.ts';
import type { Wish } from '../../strategies/index.ts';
import { BAR_MS, Desk, HOLD, oneSlot, scripted, signal, stream } from '../desk.fixture.ts';
import type { OrderRequest } from '../index.ts';

const quote = (...quotes: Extract<Wish, { kind: 'quote' }>['quotes']): Wish => ({
  kind: 'quote',
  leg: 0,
  quotes,
});
const around = (price: number) =>
  quote(
    { side: 'buy', price: price - 1, equityFraction: 0.1 },
    { side: 'sell', price: price + 1, equityFraction: 0.1 },
  );
const maker = scripted(({ legs: [{ bars }] }) => signal('quoting', around(bars.close(0))));
const shown = (orders: readonly OrderRequest[]) =>
  orders.map(({ leg, side, type, quantity, limitPrice, reduceOnly }) =>
    [leg, side, type, quantity, limitPrice, reduceOnly].join(' '),
  );

test('quotes are limit orders on both sides, and each decision replaces those of the one before', () => {
  const desk = new Desk(oneSlot(maker));
  const first = desk.bar(100);
  assert.deepEqual(shown(first.orders), [
    'quote_buy buy limit 1.01 99 false',
    'quote_sell sell limit 0.99 101 false',
  ]);
  const second = desk.bar(110);
  assert.deepEqual(
    second.cancels,
    first.orders.map(({ decisionId }) => decisionId),
  );
  assert.equal(second.orders.length, 2);
});

test('several quotes of a side have names of their own', () => {
  const twice = quote(
    { side: 'buy', price: 99, equityFraction: 0.1 },
    { side: 'buy', price: 98, equityFraction: 0.1 },
  );
  const desk = new Desk(oneSlot(scripted(() => signal('quoting', twice))));
  assert.deepEqual(
    desk.bar(100).orders.map(({ leg }) => leg),
    ['quote_buy', 'quote_buy_n2'],
  );
});

test('where entries are refused only what reduces is quoted, whole; in a halt nothing is', () => {
  const desk = new Desk(oneSlot(maker));
  const [bid, ask] = desk.bar(100).orders;
  desk.fill(bid!, '99');
  desk.order(ask!, 'CANCELLED');
  desk.tell({ type: 'trading_state', scope: 'firm', state: 'reducing', reason: 'kill' });
  const reducing = desk.bar(100);
  assert.deepEqual(shown(reducing.orders), ['quote_sell sell limit 1.01 101 true']);
  assert.deepEqual(reducing.reasons, ['quoting', 'trading_reducing']);
  desk.tell({ type: 'trading_state', scope: 'firm', state: 'halted', reason: 'kill' });
  const halted = desk.bar(100);
  assert.deepEqual([halted.orders, halted.cancels], [[], [reducing.orders[0]!.decisionId]]);
});

test('nothing takes the place of a quote of which it is not known what became', () => {
  const desk = new Desk(oneSlot(maker));
  const [bid] = desk.bar(100).orders;
  desk.order(bid!, 'UNKNOWN');
  const next = desk.bar(100);
  assert.deepEqual(next.orders, []);
  assert.deepEqual(next.reasons, ['quoting', 'order_unknown']);
});

test('quotes go when the strategy wants none; a hold leaves them, as long as they could be made anew', () => {
  const answers = [around(100), quote(), around(100)];
  const strategy = scripted(() => {
    const wish = answers.shift();
    return wish ? signal('quoting', wish) : HOLD;
  });
  const desk = new Desk(oneSlot(strategy));
  assert.equal(desk.bar(100).orders.length, 2);
  const none = desk.bar(100);
  for (const decisionId of none.cancels)
    desk.tell({ type: 'order', decisionId, protection: null, status: 'CANCELLED', reason: null });
  assert.deepEqual([none.cancels.length, none.orders.length], [2, 0]);
  assert.equal(desk.bar(100).orders.length, 2);
  assert.deepEqual([desk.bar(100).cancels, desk.bar(100).reasons], [[], ['waiting']]);
  desk.tell({ type: 'quality', stream: 'sim:BTC/USDT:5m', verdict: 'block', reasons: [] });
  const blocked = desk.bar(100);
  assert.deepEqual(blocked.reasons, ['waiting', 'stream_blocked', 'order_withdrawn']);
  assert.equal(blocked.cancels.length, 2);
});

test('what the limits leave is valued as the gate values it: at the highest price of close and quote', () => {
  const limits: Limits = {
    account: 'paper',
    clock: 'wall',
    strategies: ['scripted'],
    restricted: [],
    duplicate_window_ms: 0,
    gross_notional_max: '1000',
    instruments: {
      'BTC/USDT': {
        price_stream: 'sim:BTC/USDT:5m',
        price_age_ms_max: 600_000,
        tick_size: '0.01',
        lot_size: '0.001',
        quantity_max: '1000',
        notional_min: '0',
        notional_max: '1000',
        collar_bps: 5_000,
        gross_notional_max: '300',
      },
    },
  };
  const bids = [
    { side: 'buy' as const, price: 100, equityFraction: 0.2 },
    { side: 'buy' as const, price: 120, equityFraction: 0.2 },
    { side: 'buy' as const, price: 80, equityFraction: 0.2 },
  ];
  const strategy = scripted(() => signal('quoting', quote(bids.shift()!)));
  const desk = new Desk(oneSlot(strategy, { limits }));
  desk.fill(desk.bar(100).orders[0]!, '100');
  const [above] = desk.bar(100).orders;
  assert.equal(above!.quantity, '0.5'); // (2 + 0.5) × 120 = 300
  desk.order(above!, 'CANCELLED');
  assert.equal(desk.bar(100).orders[0]!.quantity, '1'); // (2 + 1) × 100 = 300
});

test('quotes that stay go at once when the model turns against them', () => {
  const answers = [around(100)];
  const strategy = scripted(() => {
    const wish = answers.shift();
    return wish ? signal('quoting', wish) : HOLD;
  });
  const setup = oneSlot(strategy);
  const desk = new Desk({ ...setup, slots: [{ ...setup.slots[0]!, modelUse: 'veto' }] });
  const decide = (hmmTrend: number) => {
    desk.show(100);
    const regime = { modelId: 'm', hmmTrend, hmmRisk: 0 };
    desk.tell({ type: 'regime', stream: 'sim:BTC/USDT:5m', regime, missing: null });
    return desk.close()[0]!;
  };
  assert.equal(decide(0.5).orders.length, 2);
  assert.deepEqual(decide(0.5).cancels, []);
  const vetoed = decide(-0.5);
  assert.deepEqual(vetoed.reasons, ['waiting', 'model_vetoed', 'order_withdrawn']);
  assert.equal(vetoed.cancels.length, 2);
});

test('a quote that only reduces stays where entries are refused', () => {
  const answers = [around(100), around(100)];
  const strategy = scripted(() => {
    const wish = answers.shift();
    return wish ? signal('quoting', wish) : HOLD;
  });
  const desk = new Desk(oneSlot(strategy));
  const [bid, ask] = desk.bar(100).orders;
  desk.fill(bid!, '99');
  desk.order(ask!, 'CANCELLED');
  desk.tell({ type: 'trading_state', scope: 'firm', state: 'reducing', reason: 'kill' });
  const [reducing] = desk.bar(100).orders;
  assert.deepEqual(desk.bar(100).cancels, []);
  desk.tell({ type: 'trading_state', scope: 'firm', state: 'halted', reason: 'kill' });
  assert.deepEqual(desk.bar(100).cancels, [reducing!.decisionId]);
});

test('what makes entries smaller keeps no quote from leaving what is held', () => {
  const sizing = { ...FIXED_SIZING, drawdownCut: { from: 0.01, to: 0.02 } };
  const desk = new Desk(oneSlot(maker, { sizing }));
  const [bid, ask] = desk.bar(100).orders;
  desk.fill(bid!, '99');
  desk.order(ask!, 'CANCELLED');
  const fallen = desk.bar(50);
  assert.deepEqual(shown(fallen.orders), ['quote_sell sell limit 1.01 51 false']);
  assert.deepEqual(fallen.reasons, ['quoting', 'drawdown_stop']);
});

test('quotes that fill on both sides pass through flat, and each part is a trade of its own', () => {
  const desk = new Desk(oneSlot(maker));
  const [bid, ask] = desk.bar(100).orders;
  desk.fill(bid!, '99', { quantity: '0.5' });
  desk.fill(ask!, '101', { quantity: '0.8' });
  assert.deepEqual(
    desk.core.takeTrades().map(({ side, quantity, pnl }) => [side, quantity, pnl]),
    [['buy', '0.5', '1']],
  );
  assert.equal(desk.core.books.positions[0]!.position.quantity, '-0.3');
});

test('a strategy is shown what an order has to be, and null before there are rules', () => {
  const seen: unknown[] = [];
  const strategy = scripted(({ legs: [{ rules }] }) => {
    seen.push(rules);
    return HOLD;
  });
  const rules = [{ fromMs: 2 * BAR_MS, lotSize: '0.001', tickSize: '0.01', notionalMin: '5' }];
  const desk = new Desk(oneSlot(strategy, { streams: [stream('BTC/USDT', { rules })] }));
  desk.bar(100);
  desk.bar(100);
  assert.deepEqual(seen, [null, { lotSize: 0.001, notionalMin: 5 }]);
});
