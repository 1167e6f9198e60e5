import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Limits } from '@aistock/shared';
import {
  BAR_MS,
  Desk,
  enter,
  HOLD,
  leave,
  oneSlot,
  PARAMS,
  scripted,
  signal,
  stream,
} from '../desk.fixture.ts';
import { DEFAULT_ORDERS, type CoreEvent, type CoreSetup, type SlotParams } from '../index.ts';

const STREAM = 'sim:BTC/USDT:5m';
const always = scripted(() => signal('up', enter()));

test('a wish becomes an order in whole lots, with everything that a venue is to be told', () => {
  const desk = new Desk(oneSlot(always));
  const { orders, reasons, sizes, seq } = desk.bar('333.33');
  assert.deepEqual(reasons, ['up']);
  assert.deepEqual(sizes, [{ leg: 0, fraction: 0.5, reasons: [] }]);
  assert.equal(seq, 1);
  assert.equal(orders.length, 1);
  const { decisionId, ...order } = orders[0]!;
  assert.match(decisionId, /^[0-9a-f]{64}$/);
  assert.deepEqual(order, {
    slot: 'slot',
    strategy: 'scripted',
    instrument: 'BTC/USDT',
    stream: STREAM,
    leg: 'entry',
    configId: 'config',
    side: 'buy',
    type: 'market',
    quantity: '1.5',
    limitPrice: null,
    stopPrice: null,
    trailBps: null,
    timeInForce: 'gtc',
    extendedHours: false,
    reduceOnly: false,
    protection: null,
    barOpenMs: 0,
    asOfMs: BAR_MS,
  });
});

const limits = (grossMax: string): Limits => ({
  account: 'paper',
  clock: 'wall',
  strategies: ['scripted'],
  restricted: [],
  duplicate_window_ms: 0,
  gross_notional_max: grossMax,
  instruments: {
    'BTC/USDT': {
      price_stream: STREAM,
      price_age_ms_max: 600_000,
      tick_size: '0.01',
      lot_size: '0.001',
      quantity_max: '1000',
      notional_min: '0',
      notional_max: '100000',
      collar_bps: 500,
      gross_notional_max: grossMax,
    },
  },
});

/** What is told or set before a wish to enter, and every reason that then speaks against it. */
const REFUSALS: readonly {
  readonly name: string;
  readonly events?: readonly CoreEvent[];
  readonly setup?: Partial<CoreSetup>;
  readonly params?: SlotParams | null;
  readonly price?: string;
  readonly wish?: Parameters<typeof enter>[0];
  readonly reasons: readonly string[];
}[] = [
  { name: 'no parameters', params: null, reasons: ['no_params'] },
  { name: 'expired parameters', params: { ...PARAMS, expiresMs: BAR_MS }, reasons: ['params_expired'] },
  {
    name: 'a blocked stream',
    events: [{ type: 'quality', stream: STREAM, verdict: 'block', reasons: [] }],
    reasons: ['up', 'stream_blocked'],
  },
  {
    name: 'a stream of unknown quality, and stale',
    events: [
      { type: 'quality', stream: STREAM, verdict: 'unknown', reasons: [] },
      { type: 'stale', stream: STREAM, stale: true },
    ],
    reasons: ['up', 'quality_unknown', 'stream_stale'],
  },
  {
    name: 'a halt of all and a slot that may only reduce',
    events: [
      { type: 'trading_state', scope: 'firm', state: 'halted', reason: 'kill' },
      { type: 'trading_state', scope: 'slot', state: 'reducing', reason: 'operator' },
    ],
    reasons: ['up', 'trading_halted', 'trading_reducing'],
  },
  { name: 'less than a lot', price: '600000', reasons: ['up', 'size_below_lot'] },
  {
    name: 'less than the least notional',
    setup: { startCash: '9' },
    price: '100',
    reasons: ['up', 'notional_below_min'],
  },
  {
    name: 'no rules',
    setup: { streams: [stream('BTC/USDT', { rules: [] })] },
    reasons: ['up', 'rules_unknown'],
  },
  {
    name: 'a target for a volatility that is not known',
    setup: {
      sizing: { ...oneSlot(always).sizing, volatilityTarget: 0.2, volatilityBars: 10 },
    },
    reasons: ['up', 'volatility_unknown'],
  },
  {
    name: 'limits that are used up',
    setup: { limits: limits('0.000001') },
    reasons: ['up', 'size_below_lot'],
  },
  {
    name: 'exits on the wrong side',
    wish: { protection: { stopPrice: 101 } },
    reasons: ['up', 'protection_invalid'],
  },
  ...[
    { protection: { stopPrice: 94.99 } },
    { protection: { trailBps: 501 } },
    { style: { type: 'stop' as const, stopPrice: 105.01 } },
  ].map((wish) => ({
    name: `a stop that the limits refuse, ${JSON.stringify(wish)}`,
    setup: { limits: limits('1000') },
    wish,
    reasons: ['up', 'stop_too_far'],
  })),
  {
    name: 'a session that took its entries',
    setup: { orders: { ...DEFAULT_ORDERS, entriesPerSessionMax: 0 } },
    reasons: ['up', 'session_entries_max'],
  },
];

for (const { name, events = [], setup = {}, params = PARAMS, price = '100', wish, reasons } of REFUSALS)
  test(`nothing is entered with ${name}, and the log says so`, () => {
    const strategy = scripted(() => signal('up', enter(wish)));
    const desk = new Desk(oneSlot(strategy, setup), params);
    for (const event of events) desk.tell(event);
    const decision = desk.bar(price);
    assert.deepEqual(decision.orders, []);
    assert.deepEqual(decision.reasons, reasons);
    assert.deepEqual((JSON.parse(desk.lines[0]!) as { reasons: string[] }).reasons, reasons);
  });

test('a stop that is as far away as the limits allow is sent', () => {
  const strategy = scripted(() => signal('up', enter({ protection: { stopPrice: 95, trailBps: 500 } })));
  assert.equal(new Desk(oneSlot(strategy, { limits: limits('1000') })).bar(100).orders.length, 1);
});

test('what is held, or on its way, is not entered again; an order of unknown outcome blocks the slot', () => {
  const desk = new Desk(oneSlot(always));
  const [order] = desk.bar(100).orders;
  assert.deepEqual(desk.bar(100).reasons, ['up', 'order_working']);
  desk.order(order!, 'UNKNOWN');
  assert.deepEqual(desk.bar(100).reasons, ['up', 'order_unknown', 'order_working']);
  desk.fill(order!, '100');
  assert.deepEqual(desk.bar(100).reasons, ['up', 'already_entered']);
});

test('an order that is said to be filled works until its fills were told', () => {
  const desk = new Desk(oneSlot(always));
  const [order] = desk.bar(100).orders;
  desk.order(order!, 'FILLED');
  assert.deepEqual(desk.bar(100).reasons, ['up', 'order_working']);
});

test('a denied order leaves the slot free to try again', () => {
  const desk = new Desk(oneSlot(always));
  const [order] = desk.bar(100).orders;
  desk.order(order!, 'DENIED');
  const again = desk.bar(100);
  assert.equal(again.orders.length, 1);
  assert.notEqual(again.orders[0]!.decisionId, order!.decisionId);
});

test('sizes are capped by what the limits leave', () => {
  const desk = new Desk(oneSlot(always, { limits: limits('200') }));
  const { orders, sizes } = desk.bar(100);
  assert.equal(orders[0]!.quantity, '2');
  assert.deepEqual(sizes, [{ leg: 0, fraction: 0.2, reasons: ['limit_cap 0.2'] }]);
});

test('entries keep their distance', () => {
  const orders = { ...DEFAULT_ORDERS, entryIntervalMs: 2 * BAR_MS };
  const strategy = scripted(({ legs }) =>
    legs[0].position ? signal('out', leave()) : signal('up', enter()),
  );
  const desk = new Desk(oneSlot(strategy, { orders }));
  desk.fill(desk.bar(100).orders[0]!, '100');
  desk.fill(desk.bar(100).orders[0]!, '100');
  assert.deepEqual(desk.bar(100).orders.length, 1);
  const soon = new Desk(oneSlot(strategy, { orders: { ...orders, entryIntervalMs: 3 * BAR_MS } }));
  soon.fill(soon.bar(100).orders[0]!, '100');
  soon.fill(soon.bar(100).orders[0]!, '100');
  assert.deepEqual(soon.bar(100).reasons, ['up', 'entry_too_soon']);
});

test('a limit order is kept while it is wished for again, and withdrawn once it is not', () => {
  const prices = [99, 99, 98, null];
  const strategy = scripted(() => {
    const limitPrice = prices.shift();
    return limitPrice ? signal('up', enter({ style: { type: 'limit', limitPrice } })) : HOLD;
  });
  const desk = new Desk(oneSlot(strategy));
  const [order] = desk.bar(100).orders;
  assert.equal(order!.limitPrice, '99');
  assert.deepEqual(desk.bar(100).cancels, []);
  const moved = desk.bar(100);
  assert.deepEqual(moved.cancels, [order!.decisionId]);
  assert.deepEqual(moved.reasons, ['up', 'order_working', 'order_withdrawn']);
  assert.deepEqual(moved.orders, []);
  assert.deepEqual(desk.bar(100).reasons, ['waiting', 'order_withdrawn']);
});

test('a kept order goes when entries are refused', () => {
  const strategy = scripted(() => signal('up', enter({ style: { type: 'limit', limitPrice: 99 } })));
  const desk = new Desk(oneSlot(strategy));
  const [order] = desk.bar(100).orders;
  desk.tell({ type: 'trading_state', scope: 'firm', state: 'reducing', reason: 'kill' });
  assert.deepEqual(desk.bar(100).cancels, [order!.decisionId]);
});

test('half of a pair is no pair', () => {
  const streams = [stream('BTC/USDT'), stream('ETH/USDT')];
  const both = [enter(), enter({ leg: 1, side: 'sell' })];
  const strategy = scripted(() => signal('apart', ...both), { legs: 2 });
  const desk = new Desk(oneSlot(strategy, { streams }));
  assert.deepEqual(
    desk.bar(100, 50).orders.map(({ leg, instrument, side }) => [leg, instrument, side]),
    [
      ['entry', 'BTC/USDT', 'buy'],
      ['entry_1', 'ETH/USDT', 'sell'],
    ],
  );
  const dear = new Desk(oneSlot(strategy, { streams }));
  const refused = dear.bar(100, 600_000);
  assert.deepEqual(refused.orders, []);
  assert.deepEqual(refused.reasons, ['apart', 'size_below_lot']);
  const late = new Desk(oneSlot(strategy, { streams }));
  late.tell({ type: 'bar', stream: streams[1]!.id, bar: { ...barAt(0), close: '50' } });
  late.tell({ type: 'bar', stream: streams[0]!.id, bar: barAt(BAR_MS) });
  late.atMs = 2 * BAR_MS;
  assert.deepEqual(late.close()[0]!.reasons, ['apart', 'leg_behind']);
});

function barAt(openMs: number) {
  return { openMs, open: '50', high: '50', low: '50', close: '50', volume: '1' };
}

test('a leg that was left alone is left as well', () => {
  const streams = [stream('BTC/USDT'), stream('ETH/USDT')];
  const both = [enter({ equityFraction: 0.3 }), enter({ leg: 1, side: 'sell', equityFraction: 0.3 })];
  const desk = new Desk(
    oneSlot(
      scripted(() => signal('apart', ...both), { legs: 2 }),
      { streams },
    ),
  );
  const [bought, sold] = desk.bar(100, 50).orders;
  desk.fill(bought!, '100');
  assert.deepEqual(desk.bar(100, 50).orders, []);
  desk.order(sold!, 'DENIED');
  const alone = desk.bar(100, 50);
  assert.deepEqual(alone.reasons, ['leg_alone']);
  assert.deepEqual(
    alone.orders.map(({ leg, side, quantity, reduceOnly }) => [leg, side, quantity, reduceOnly]),
    [['exit', 'sell', '3', true]],
  );
});
