import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SEND_DELAY_MS_MAX } from '@aistock/trading/orders';
import { intent, LIMITS, termsOf, TradingDesk } from './trading-desk.ts';

const SUBMITS = 64;
const PERMITTED_MAX = 20;

let desk: TradingDesk;
/** When the executor last handed an order to the venue, by the clock of this process. */
let lastSubmitAtMs = 0;
before(async () => {
  desk = await TradingDesk.open(
    { GATE_TIMEOUT_MS: '10000' },
    {
      broker: (paper) => ({
        name: paper.name,
        submit: (...order) => {
          lastSubmitAtMs = performance.now();
          return paper.submit(...order);
        },
        cancel: (...order) => paper.cancel(...order),
        findOrder: (...order) => paper.findOrder(...order),
        listOpenOrders: (account) => paper.listOpenOrders(account),
        listFills: (...page) => paper.listFills(...page),
        positions: (account) => paper.positions(account),
        cash: (account) => paper.cash(account),
      }),
    },
  );
  const own = LIMITS.instruments['BTC/USDT'];
  assert.ok(own);
  await desk.setLimits({
    ...LIMITS,
    instruments: { 'BTC/USDT': { ...own, gross_notional_max: String(PERMITTED_MAX * 100) } },
  });
});
after(() => desk.close());

test(`${SUBMITS} orders at once, and then one by one, take the whole limit and no more`, async () => {
  const burst = await Promise.all(
    Array.from({ length: SUBMITS }, (_, index) => desk.submit({ leg: `race_${index}`, quantity: '1' })),
  );
  for (const order of burst) assert.ok(order.status === 'WORKING' || order.status === 'DENIED', order.status);
  assert.ok((await desk.venueOrders()).length <= PERMITTED_MAX);
  // A machine under load may have been too slow for some; what they left is still there, and no more than that.
  for (let index = 0; index < SUBMITS && (await desk.venueOrders()).length < PERMITTED_MAX; index++) {
    await desk.submit({ leg: `after_${index}`, quantity: '1' });
  }
  assert.equal((await desk.venueOrders()).length, PERMITTED_MAX);
  assert.equal((await desk.submit({ leg: 'one_more', quantity: '1' })).status, 'DENIED');
  const { orders } = await desk.executor.orders({ query: { status: 'WORKING' } });
  assert.equal(orders.length, PERMITTED_MAX);
  for (const { order_id: id } of orders) await desk.executor.cancel({ params: { id } });
});

test('permits that were not used yet count in full as long as they are valid', async () => {
  const checks = await Promise.allSettled(
    Array.from({ length: SUBMITS }, (_, index) =>
      desk.gate.check({
        body: {
          terms: {
            ...termsOf(intent({ quantity: '1' })),
            client_order_id: `as${String(index).padStart(14, '0')}`,
          },
          decision_id: String(index).padStart(64, '0'),
          as_of_ms: 111 * 86_400_000,
        },
      }),
    ),
  );
  const permits = checks.flatMap((check) =>
    check.status === 'fulfilled' && check.value.verdict === 'approved' ? [check.value.permit] : [],
  );
  assert.ok(permits.length > 0);
  for (const { issued_ms: atMs } of permits) {
    const valid = permits.filter(({ issued_ms: from, expires_ms: to }) => from <= atMs && atMs < to);
    assert.ok(valid.length <= PERMITTED_MAX, `${valid.length} permits at a time`);
  }
});

test('once a kill is acknowledged, no order leaves any more', async () => {
  const submits = Array.from({ length: SUBMITS }, (_, index) =>
    desk.submit({ leg: `kill_${index}`, quantity: '0.1' }),
  );
  const askedAtMs = performance.now();
  const killed = await desk.gate.kill({
    body: { by: 'ann', reason: 'a test of the switch', scope: 'account:paper', level: 'halted' },
  });
  const killedAtMs = performance.now();
  assert.ok(killedAtMs - askedAtMs >= SEND_DELAY_MS_MAX, 'a send may still be on its way out');
  const lastAtKill = await lastSendStarted();
  const orders = await Promise.all(submits);
  const last = await lastSendStarted();
  assert.deepEqual(last, lastAtKill);
  assert.ok(killed.kill.since_ms >= (last?.getTime() ?? 0));
  assert.ok(lastSubmitAtMs > 0 && lastSubmitAtMs < killedAtMs);
  const denied = orders.filter(({ status }) => status === 'DENIED');
  assert.ok(denied.length > 0, 'the kill came too late to be seen');
  const late = await desk.submit({ leg: 'late', quantity: '0.1' });
  // Permits of the test before may still count, and say so beside it.
  assert.ok(late.denials.some(({ code }) => code === 'trading_halted'));
});

async function lastSendStarted(): Promise<Date | null> {
  const { last } = await desk.database.db
    .selectFrom('trading.orders')
    .select(({ fn }) => fn.max('send_started_at').as('last'))
    .executeTakeFirstOrThrow();
  return last;
}
