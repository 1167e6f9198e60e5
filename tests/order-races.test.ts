import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LIMITS, TradingDesk } from './trading-desk.ts';

const SUBMITS = 64;
const PERMITTED_MAX = 20;

let desk: TradingDesk;
before(async () => {
  desk = await TradingDesk.open({ GATE_TIMEOUT_MS: '10000' });
  const own = LIMITS.instruments['BTC/USDT'];
  assert.ok(own);
  await desk.setLimits({
    ...LIMITS,
    instruments: { 'BTC/USDT': { ...own, gross_notional_max: String(PERMITTED_MAX * 100) } },
  });
});
after(() => desk.close());

test(`${SUBMITS} orders at once take the whole limit and no more`, async () => {
  const orders = await Promise.all(
    Array.from({ length: SUBMITS }, (_, index) => desk.submit({ leg: `race_${index}`, quantity: '1' })),
  );
  const working = orders.filter(({ status }) => status === 'WORKING');
  assert.equal(working.length, PERMITTED_MAX);
  for (const order of orders.filter(({ status }) => status !== 'WORKING')) {
    assert.equal(order.status, 'DENIED');
    assert.deepEqual(
      order.denials.map(({ code }) => code),
      ['instrument_exposure_above_max'],
    );
  }
  assert.equal((await desk.venueOrders()).length, PERMITTED_MAX);
  for (const { order_id: id } of working) await desk.executor.cancel({ params: { id } });
});

test('permits that were not used yet count in full: many gates, no executor', async () => {
  const checks = await Promise.all(
    Array.from({ length: SUBMITS }, (_, index) =>
      desk.gate.check({
        body: {
          terms: {
            client_order_id: `as${String(index).padStart(14, '0')}`,
            account: 'paper',
            strategy: 'trend_following',
            instrument: 'BTC/USDT',
            side: 'buy',
            order_type: 'market',
            quantity: '1',
            limit_price: null,
            time_in_force: 'day',
            reduce_only: false,
          },
          decision_id: String(index).padStart(64, '0'),
          as_of_ms: 111 * 86_400_000,
        },
      }),
    ),
  );
  const approved = checks.filter(({ verdict }) => verdict === 'approved');
  assert.ok(approved.length <= PERMITTED_MAX, `${approved.length} permits`);
  assert.ok(approved.length > 0);
});

test('once a kill is acknowledged, no order is sent that started after it', async () => {
  const submits = Array.from({ length: SUBMITS }, (_, index) =>
    desk.submit({ leg: `kill_${index}`, quantity: '0.1' }),
  );
  const killed = await desk.gate.kill({
    body: { by: 'ann', reason: 'a test of the switch', scope: 'account:paper', level: 'halted' },
  });
  const lastAtKill = await lastSendStarted();
  const orders = await Promise.all(submits);
  const last = await lastSendStarted();
  assert.deepEqual(last, lastAtKill);
  assert.ok(killed.kill.since_ms >= (last?.getTime() ?? 0));
  const denied = orders.filter(({ status }) => status === 'DENIED');
  assert.ok(denied.length > 0, 'the kill came too late to be seen');
  assert.ok(denied.every(({ denials }) => denials.some(({ code }) => code === 'trading_halted')));
});

async function lastSendStarted(): Promise<Date | null> {
  const { last } = await desk.database.db
    .selectFrom('trading.orders')
    .select(({ fn }) => fn.max('send_started_at').as('last'))
    .executeTakeFirstOrThrow();
  return last;
}
