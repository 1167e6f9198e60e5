import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CallError, type Order, type OrderIntent } from '@aistock/shared';
import { DatabaseProxy, type CutAt } from './database-proxy.ts';
import { intent, TradingDesk } from './trading-desk.ts';

/** The connection to Postgres breaks at every request of an order's way, and nothing is sent twice, lost or guessed. */

/** More than any submit or check takes; the tests end at the first number that is not reached. */
const REQUESTS_MAX = 200;

let desk: TradingDesk;
let executorProxy: DatabaseProxy;
let gateProxy: DatabaseProxy;
before(async () => {
  desk = await TradingDesk.open();
  executorProxy = await DatabaseProxy.start(desk.database.url('executor'));
  gateProxy = await DatabaseProxy.start(desk.database.url('risk_gate'));
  await desk.stopExecutor();
  await desk.stopGate();
  await desk.startGate({ DATABASE_URL: gateProxy.url });
  await desk.startExecutor({ DATABASE_URL: executorProxy.url });
});
after(async () => {
  await desk.close();
  await executorProxy.stop();
  await gateProxy.stop();
});

/** Submits with the connection cut at a request; undefined once the order needs no request of that number. */
async function submitCutAt(
  proxy: DatabaseProxy,
  body: OrderIntent,
  cut: { readonly number: number; readonly at: CutAt },
): Promise<{ answer: Order | undefined } | undefined> {
  proxy.cut(cut.number, cut.at);
  const answer = await desk.executor.submit({ body }).catch((error: unknown) => {
    assert.ok(error instanceof CallError, String(error));
    return undefined;
  });
  return proxy.heal() ? { answer } : undefined;
}

const timesAtVenue = async (order: Order): Promise<number> =>
  (await desk.venueOrders()).filter((id) => id === order.client_order_id).length;

/** What the order comes to once Postgres is back, with the account open again. */
async function settle(body: OrderIntent): Promise<Order> {
  const { reconciled } = await desk.executor.reconcile();
  assert.ok(reconciled);
  return desk.executor.submit({ body });
}

for (const at of ['request', 'answer'] as const) {
  test(`executor loses Postgres at any ${at}: the order is at the venue once, or ended here`, async () => {
    let number = 1;
    for (; number < REQUESTS_MAX; number++) {
      const body = intent({ leg: `executor_${at}_${number}`, quantity: '1' });
      const cut = await submitCutAt(executorProxy, body, { number, at });
      const order = await settle(body);
      const step = `request ${number}: ${order.status} ${order.reason}`;
      assert.ok(['WORKING', 'DENIED'].includes(order.status), step);
      assert.equal(await timesAtVenue(order), order.status === 'WORKING' ? 1 : 0, step);
      assert.ok(cut || order.status === 'WORKING', step);
      if (order.status === 'WORKING') await desk.executor.cancel({ params: { id: order.order_id } });
      if (!cut) break;
    }
    assert.ok(number > 20 && number < REQUESTS_MAX, `${number} requests`);
  });

  test(`risk_gate loses Postgres at any ${at}: no permit, no order`, async () => {
    let number = 1;
    for (; number < REQUESTS_MAX; number++) {
      const body = intent({ leg: `gate_${at}_${number}`, quantity: '1' });
      const cut = await submitCutAt(gateProxy, body, { number, at });
      if (!cut) break;
      assert.equal(cut.answer?.status, 'DENIED', `request ${number}`);
      assert.equal(cut.answer.reason, 'gate_unavailable', `request ${number}`);
      assert.equal(await timesAtVenue(cut.answer), 0);
    }
    assert.ok(number > 5 && number < REQUESTS_MAX, `${number} requests`);
  });
}
