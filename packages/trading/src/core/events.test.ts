import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BarCursor, BarSeries } from '../bars/index.ts';
import { barOf, BAR_MS, Desk, enter, oneSlot, PARAMS, scripted, signal, stream } from './desk.fixture.ts';
import { createCore, type CoreEvent, type CoreSetup } from './index.ts';

const STREAM = 'sim:BTC/USDT:5m';
const buyer = scripted(({ legs: [{ position }] }) =>
  position ? { hold: 'holding' } : signal('up', enter()),
);

test('an event that cannot be is refused and changes nothing', () => {
  const desk = new Desk(oneSlot(buyer));
  const [order] = desk.bar(100).orders;
  const fill: CoreEvent = {
    type: 'fill',
    decisionId: order!.decisionId,
    fillId: 'f',
    protection: null,
    side: 'buy',
    quantity: '1',
    price: '100',
    fee: '0',
    feeCurrency: 'USDT',
    atMs: BAR_MS,
  };
  desk.order(order!, 'CANCELLED');
  const refused: readonly CoreEvent[] = [
    { type: 'bar', stream: STREAM, bar: barOf(0, 100) },
    { type: 'bar', stream: 'sim:ETH/USDT:5m', bar: barOf(BAR_MS, 100) },
    { type: 'close', atMs: BAR_MS },
    { type: 'close', atMs: 0 },
    { ...fill, decisionId: 'of another' },
    { ...fill, side: 'sell' },
    { ...fill, protection: 'stop', side: 'sell' },
    { ...fill, quantity: '0' },
    { ...fill, price: 'dear' },
    { ...fill, fee: '1', feeCurrency: 'BNB' },
    { type: 'order', decisionId: order!.decisionId, protection: null, status: 'WORKING', reason: null },
    { type: 'params', slot: 'other', params: PARAMS, missing: null },
    { type: 'regime', stream: 'other', regime: null, missing: 'none' },
    { type: 'trading_state', scope: 'other', state: 'halted', reason: '' },
    { type: 'funding', instrument: 'ETH/USDT', rate: '0.1', markPrice: '1', atMs: 0 },
    { type: 'split', instrument: 'BTC/USDT', numerator: 1.5, denominator: 1 },
  ];
  const before = JSON.stringify(desk.core.snapshot());
  for (const event of refused)
    assert.throws(() => desk.core.handle(event), RangeError, JSON.stringify(event));
  assert.equal(JSON.stringify(desk.core.snapshot()), before);
});

test('a close before bars that were told already is refused: their view would be of the future', () => {
  const desk = new Desk(oneSlot(buyer));
  desk.show(100);
  desk.show(100);
  assert.throws(() => desk.core.handle({ type: 'close', atMs: BAR_MS }), RangeError);
});

test('a fill is booked once, in as many parts as there are, and also when it is told late', () => {
  const desk = new Desk(oneSlot(buyer));
  const [order] = desk.bar(100).orders;
  desk.fill(order!, '100', { fillId: 'a', quantity: '2' });
  desk.fill(order!, '100', { fillId: 'a', quantity: '2' });
  assert.equal(desk.core.books.positions[0]!.position.quantity, '2');
  desk.order(order!, 'CANCELLED');
  desk.order(order!, 'CANCELLED');
  desk.fill(order!, '90', { fillId: 'b', quantity: '3' });
  desk.fill(order!, '90', { fillId: 'b', quantity: '3' });
  const { position } = desk.core.books.positions[0]!;
  assert.deepEqual([position.quantity, position.averagePrice], ['5', '94']);
  assert.equal(desk.core.books.cash, '530');
});

test('a position keeps the parameters that it was entered with, and a closed trade lets them go', () => {
  const chosen = { ...PARAMS, source: 'chosen' as const, expiresMs: 2 * BAR_MS };
  const strategy = scripted(({ legs: [{ position }] }) =>
    position ? signal('out', { kind: 'exit', leg: 0, style: { type: 'market' } }) : signal('up', enter()),
  );
  const desk = new Desk(oneSlot(strategy), chosen);
  const [entry] = desk.bar(100).orders;
  assert.throws(() => desk.tell({ type: 'params', slot: 'slot', params: null, missing: 'none' }), RangeError);
  desk.fill(entry!, '100');
  desk.show(100);
  assert.deepEqual(desk.core.questions(desk.atMs), []);
  const [exit] = desk.close()[0]!.orders;
  desk.fill(exit!, '100');
  desk.show(100);
  assert.deepEqual(desk.core.questions(desk.atMs), [{ slot: 'slot', params: true, regime: false }]);
  assert.deepEqual(desk.close()[0]!.reasons, ['no_params']);
});

test('a late bar is seen, and decided on by nobody', () => {
  const streams = [stream('BTC/USDT'), stream('ETH/USDT')];
  const desk = new Desk(oneSlot(buyer, { streams }));
  desk.tell({ type: 'bar', stream: streams[1]!.id, bar: barOf(0, 1) });
  assert.deepEqual(desk.core.handle({ type: 'close', atMs: BAR_MS }), []);
  desk.tell({ type: 'bar', stream: STREAM, bar: barOf(0, 100) });
  desk.tell({ type: 'bar', stream: streams[1]!.id, bar: barOf(BAR_MS, 1) });
  assert.deepEqual(desk.core.handle({ type: 'close', atMs: 2 * BAR_MS }), []);
});

test('a setup that does not fit together is refused', () => {
  const setup = oneSlot(buyer);
  const slot = setup.slots[0]!;
  const wrong: readonly Partial<CoreSetup>[] = [
    { currency: 'EUR' },
    { slots: [slot, slot] },
    { slots: [{ ...slot, streams: ['sim:ETH/USDT:5m'] }] },
    { slots: [{ ...slot, streams: [STREAM, STREAM] }] },
    { slots: [{ ...slot, id: 'firm' }] },
    { streams: [setup.streams[0]!, setup.streams[0]!] },
  ];
  const cursors = new Map([[STREAM, new BarCursor(new BarSeries())]]);
  for (const change of wrong) assert.throws(() => createCore({ ...setup, ...change }, cursors), RangeError);
  assert.throws(() => createCore(setup, new Map()), RangeError);
});

test('bars that a cursor hides cannot be pushed over', () => {
  const cursor = new BarCursor(BarSeries.of([barOf(0, 100), barOf(BAR_MS, 100)]), 1);
  const core = createCore(oneSlot(buyer), new Map([[STREAM, cursor]]));
  assert.throws(() => core.handle({ type: 'bar', stream: STREAM, bar: barOf(2 * BAR_MS, 100) }), RangeError);
  core.reveal(STREAM);
  assert.equal(cursor.count, 2);
});
