import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { createApp } from '@aistock/executor';
import type { Order } from '@aistock/shared';
import { startExecutorProcess } from './executor-process.ts';
import { intent, TradingDesk } from './trading-desk.ts';

/** What is not known is UNKNOWN, and only the venue's word ends it. */

let desk: TradingDesk;
before(async () => {
  desk = await TradingDesk.open();
  await desk.stopExecutor();
});
afterEach(async () => {
  if (desk.executorIsUp) {
    const { orders } = await desk.executor.orders({ query: { status: 'WORKING' } });
    for (const { order_id: id } of orders) await desk.executor.cancel({ params: { id } });
  }
  await desk.stopExecutor();
});
after(() => desk.close());

let legs = 0;
const nextIntent = () => intent({ leg: `leg_${++legs}`, quantity: '1' });

const orderOf = (id: string): Promise<Order> => desk.executor.order({ params: { id } });

async function venueHas(order: Order): Promise<number> {
  return (await desk.venueOrders()).filter((id) => id === order.client_order_id).length;
}

type Submit = NonNullable<NonNullable<Parameters<typeof createApp>[1]>['broker']>;

/** The paper broker, with the first submit going wrong in one way. */
function firstSubmit(goesWrong: (reach: () => Promise<unknown>) => Promise<never>): Submit {
  let submits = 0;
  return (paper) =>
    new Proxy(paper, {
      get(target, property, receiver) {
        if (property === 'submit' && ++submits === 1) {
          return (...order: Parameters<typeof target.submit>) => goesWrong(() => target.submit(...order));
        }
        const value: unknown = Reflect.get(target, property, receiver);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
}

const hangUp = (): never => {
  throw new Error('socket hang up');
};

test('an order whose answer was lost is taken over from the venue, not sent again', async () => {
  const broker = firstSubmit(async (reach) => {
    await reach();
    return hangUp();
  });
  await desk.startExecutor({}, { broker });
  const order = await desk.executor.submit({ body: nextIntent() });
  assert.ok(['UNKNOWN', 'WORKING'].includes(order.status), order.status);
  const { reconciled } = await desk.executor.reconcile();
  assert.ok(reconciled);
  assert.equal((await orderOf(order.order_id)).status, 'WORKING');
  assert.equal(await venueHas(order), 1);
  assert.deepEqual(await desk.eventsOf(order.order_id), [
    'order.intended',
    'order.send_started',
    'order.unknown',
    'order.acknowledged',
  ]);
});

test('a time-out is no rejection; until the outcome is known nothing else leaves', async () => {
  const stuck = Promise.withResolvers<void>();
  const late = Promise.withResolvers<'sent' | 'given up'>();
  const broker = firstSubmit(async (reach) => {
    await stuck.promise;
    await reach().then(
      () => late.resolve('sent'),
      () => late.resolve('given up'),
    );
    return hangUp();
  });
  // The time in which the venue may come to know the order begins where waiting for its answer ends.
  await desk.startExecutor({ SEND_TIMEOUT_MS: '2000', QUIESCENCE_MS: '2000' }, { broker });
  const order = await desk.executor.submit({ body: nextIntent() });
  assert.equal(order.status, 'UNKNOWN');
  const next = await desk.executor.submit({ body: nextIntent() });
  assert.equal(next.status, 'DENIED');
  assert.equal(next.reason, 'not_reconciled');
  const { accounts } = await desk.executor.reconcile();
  assert.deepEqual(accounts[0]?.differences, [`the outcome of order ${order.client_order_id} is unknown`]);
  await assert.rejects(desk.executor.cancel({ params: { id: order.order_id } }), { status: 409 });
  assert.equal((await orderOf(order.order_id)).status, 'UNKNOWN');
  stuck.resolve();
  assert.equal(await late.promise, 'given up');
  assert.equal(await venueHas(order), 0);
});

test('an order that the venue never had is sent again while it is young, under the same id', async () => {
  await desk.startExecutor();
  await desk.executor.reconcile(); // the one of the test before
  await desk.stopExecutor();
  await desk.startExecutor({}, { broker: firstSubmit(async () => hangUp()) });
  const order = await desk.executor.submit({ body: nextIntent() });
  await desk.executor.reconcile();
  const later = await orderOf(order.order_id);
  assert.equal(later.status, 'WORKING');
  assert.equal(later.client_order_id, order.client_order_id);
  assert.equal(await venueHas(order), 1);
  const sends = (await desk.eventsOf(order.order_id)).filter((kind) => kind === 'order.send_started');
  assert.equal(sends.length, 2);
});

test('one that grew old meanwhile is never sent', async () => {
  await desk.startExecutor({ QUIESCENCE_MS: '600000' }, { broker: firstSubmit(async () => hangUp()) });
  const order = await desk.executor.submit({ body: nextIntent() });
  await desk.stopExecutor();
  await desk.startExecutor({ INTENT_TTL_MS: '1' });
  await desk.executor.reconcile();
  const later = await orderOf(order.order_id);
  assert.equal(later.status, 'EXPIRED');
  assert.equal(later.reason, 'never_reached_venue');
  assert.equal(await venueHas(order), 0);
});

test('a fill that fits no order of ours closes the account at once', async (t) => {
  await desk.startExecutor();
  const { db } = desk.database;
  const foreign = { account: 'paper', broker_order_id: 'paper-foreign' };
  await db
    .insertInto('trading.paper_order')
    .values({
      ...foreign,
      client_order_id: 'asforeign00000000',
      instrument: 'BTC/USDT',
      stream: 'csv:BTC/USDT:1d',
      side: 'buy',
      order_type: 'market',
      quantity: '1',
      time_in_force: 'day',
      extended_hours: false,
      reduce_only: false,
      placed_at: new Date(0),
      filled: '1',
      status: 'filled',
    })
    .execute();
  await db
    .insertInto('trading.paper_fill')
    .values({
      ...foreign,
      quantity: '1',
      price: '100',
      fee: '0',
      fee_currency: 'USDT',
      filled_at: new Date(0),
    })
    .execute();
  const holding = { account: 'paper', instrument: 'ETH/USDT', quantity: '1' };
  await db.insertInto('trading.paper_position').values(holding).execute();
  t.after(() => db.deleteFrom('trading.paper_position').where('instrument', '=', 'ETH/USDT').execute());
  const own = await desk.executor.submit({ body: nextIntent() });
  await desk.executor.cancel({ params: { id: own.order_id } });
  const next = await desk.executor.submit({ body: nextIntent() });
  assert.deepEqual([next.status, next.reason], ['DENIED', 'not_reconciled']);
});

test('a no of the venue is final', async () => {
  await desk.startExecutor();
  const body = nextIntent();
  await desk.database.db
    .insertInto('trading.paper_order')
    .values({
      broker_order_id: 'paper-other',
      account: 'paper',
      client_order_id: `as${body.decision_id.slice(0, 30)}`,
      instrument: 'BTC/USDT',
      stream: body.stream,
      side: 'sell',
      order_type: 'market',
      quantity: '7',
      time_in_force: 'day',
      extended_hours: false,
      reduce_only: false,
      placed_at: new Date(0),
      status: 'cancelled',
    })
    .execute();
  const order = await desk.executor.submit({ body });
  assert.equal(order.status, 'REJECTED');
  assert.match(order.reason ?? '', /belongs to another order/);
});

test('an intent that a crash left pending is sent at the start, unless it is too old', async () => {
  await desk.startExecutor();
  const [young, old] = await Promise.all([1, 2].map(() => desk.executor.submit({ body: nextIntent() })));
  assert.ok(young && old);
  await desk.stopExecutor();
  await makePending(young, new Date(young.created_ms));
  await makePending(old, new Date(0));

  await desk.startExecutor();
  assert.equal((await orderOf(young.order_id)).status, 'WORKING');
  assert.equal(await venueHas(young), 1);
  const lapsed = await orderOf(old.order_id);
  assert.equal(lapsed.status, 'EXPIRED');
  assert.equal(lapsed.reason, 'too_old_to_send');
  assert.equal(await venueHas(old), 0);
});

/** Puts an order back to where a crash right after the intent would have left it. */
async function makePending(
  { order_id: orderId, client_order_id: id }: Order,
  createdAt: Date,
): Promise<void> {
  const { db } = desk.database;
  await db.deleteFrom('trading.paper_order').where('client_order_id', '=', id).execute();
  await db
    .updateTable('trading.orders')
    .set({
      status: 'PENDING',
      permit_id: null,
      send_started_at: null,
      broker_order_id: null,
      created_at: createdAt,
    })
    .where('order_id', '=', orderId)
    .execute();
}

for (const point of ['before_send', 'after_send'] as const) {
  test(`killed ${point}, it sends the order once all the same`, async () => {
    const child = await startExecutorProcess(desk, {
      FAULT_POINT: point,
      FAULT_AT_ORDER: '2',
      AISTOCK_FAULTS: '1',
    });
    const first = await child.client.submit({ body: nextIntent() });
    assert.equal(first.status, 'WORKING');
    const body = nextIntent();
    await assert.rejects(child.client.submit({ body }));
    assert.equal(await child.died, 'SIGKILL');

    await desk.startExecutor();
    await desk.executor.reconcile();
    const order = await desk.executor.submit({ body });
    assert.equal(order.status, 'WORKING');
    assert.equal(await venueHas(order), 1);
    assert.equal((await orderOf(first.order_id)).status, 'WORKING');
    assert.ok((await desk.executor.reconcile()).reconciled);
  });
}

test('a fault point is refused where faults are not asked for', async () => {
  await assert.rejects(createApp(desk.executorEnv({ FAULT_POINT: 'before_send' })), {
    problems: ['FAULT_POINT: is for tests only and needs AISTOCK_FAULTS=1; leave it unset'],
  });
});
