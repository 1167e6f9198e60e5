import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderRequest } from '../../core/index.ts';
import type { Snapshot } from '../../core/snapshot/snapshot-schema.ts';
import { Decimal } from '../../decimal.ts';
import { DAY_MS, sessionDay, STREAMS } from '../session-day.fixture.ts';
import type { ShadowDay } from '../shadow-day.ts';
import { carriedStart } from './carried-start.ts';

const BAR_MS = 900_000;
const MAKER = STREAMS[1];

/** The day with one order of the market maker, decided three bars before it began and not filled since. */
function dayWith(change: Partial<OrderRequest>, status: 'WORKING' | 'PENDING' = 'WORKING'): ShadowDay {
  const day = sessionDay(4);
  const snapshot = structuredClone(day.start.snapshot) as Snapshot;
  const maker = snapshot.slots[1]!;
  const [order] = maker.orders;
  assert.ok(order);
  const asOfMs = 2 * DAY_MS - 3 * BAR_MS;
  maker.orders = [
    { ...order, status, filled: '0', request: { ...order.request, side: 'sell', ...change, asOfMs } },
  ];
  return { ...day, start: { ...day.start, snapshot, takenBack: [] } };
}

const passed = ({ start }: ShadowDay) => start.bars.get(MAKER)!.slice(-3);
const workingOf = (day: ShadowDay) => carriedStart(day).working.get(MAKER) ?? [];

test('an order that bars have passed waits in the book', () => {
  const [order] = workingOf(dayWith({ limitPrice: '100000' }));
  assert.deepEqual([order!.resting, order!.triggered, order!.filled], [true, false, '0']);
});

test('a trailing stop remembers the best price since it was placed', () => {
  const day = dayWith({ type: 'trailing_stop', limitPrice: null, trailBps: 5_000 });
  const [order] = workingOf({ ...day, costs: { ...day.costs, latency_ms: 0 } });
  const best = Decimal.max(...passed(day).map(({ high }) => high));
  assert.ok(new Decimal(order!.bestPrice!).eq(best), order!.bestPrice!);
});

test('a stop that was touched is triggered, and waits at its limit', () => {
  const [order] = workingOf(dayWith({ type: 'stop_limit', stopPrice: '99999', limitPrice: '100000' }));
  assert.deepEqual([order!.triggered, order!.resting], [true, true]);
});

test('an order that the bars should have filled, and did not, is as it was', () => {
  const [order] = workingOf(dayWith({ limitPrice: '0.01' }));
  assert.deepEqual([order!.filled, order!.resting], ['0', false]);
});

test('an order that had not left leaves once more, but one that was taken back', () => {
  const day = dayWith({ limitPrice: '100000' }, 'PENDING');
  const { unsent, working } = carriedStart(day);
  assert.deepEqual([unsent.length, working.get(MAKER)], [1, undefined]);
  const takenBack = [unsent[0]!.decisionId, 'of an order that has ended'];
  const back = carriedStart({ ...day, start: { ...day.start, takenBack } });
  assert.deepEqual([back.unsent, back.takenBack], [[], takenBack.slice(0, 1)]);
  assert.equal(back.working.get(MAKER)!.length, 1);
});

const exitsOf = (day: ShadowDay) =>
  (carriedStart(day).working.get(STREAMS[0]) ?? []).filter(({ parent }) => parent !== null);

test('the exits of a bracket are as large as what is held, and those that ended are gone', () => {
  const day = sessionDay(2);
  const { start } = day;
  const snapshot = structuredClone(start.snapshot) as Snapshot;
  const [slot] = snapshot.slots;
  const held = slot!.legs[0]!.book.position.quantity;
  assert.notEqual(held, '0');
  const entry = slot!.orders.find(({ request }) => request.protection !== null)!;
  assert.deepEqual(
    exitsOf(day).map(({ parent, quantity, side, reduceOnly }) => [parent, quantity, side, reduceOnly]),
    [[{ orderId: entry.request.decisionId, part: 'stop' }, held, 'sell', true]],
  );
  entry.endedExits.push('stop');
  assert.deepEqual(exitsOf({ ...day, start: { ...start, snapshot } }), []);
  assert.equal(carriedStart(day).held.get('A/USDT'), held);
});
