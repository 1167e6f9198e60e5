import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import type { Order } from '@aistock/shared';
import type { Overrides } from '@aistock/executor';
import { TradingDesk } from './trading-desk.ts';

/** A kill ends what works already and increases risk, and a cancel is done when it answers. */

const DAY = 110;
const WAIT_MS_MAX = 10_000;
const POLL_MS = 20;
const by = { by: 'ann', reason: 'a test of the switch' };
const gtc = { order_type: 'limit', time_in_force: 'gtc' } as const;

let desk: TradingDesk;
let cancelsToFail = 0;
/** Client order id of an order whose cancels are never answered. */
let stuck: string | undefined;
/** The paper broker, whose cancels go unanswered while a test says so. */
const broker: Overrides['broker'] = (paper) =>
  new Proxy(paper, {
    get(target, property, receiver) {
      if (property === 'cancel' && cancelsToFail > 0) {
        cancelsToFail -= 1;
        return () => Promise.reject(new Error('socket hang up'));
      }
      if (property === 'cancel' && stuck !== undefined)
        return (account: string, id: string) =>
          id === stuck ? new Promise<void>(() => undefined) : target.cancel(account, id);
      const value: unknown = Reflect.get(target, property, receiver);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

before(async () => {
  desk = await TradingDesk.open(
    {
      RECONCILE_INTERVAL_MS: '50',
      KILL_WATCH_INTERVAL_MS: '20',
      KILL_CANCEL_MS_MAX: '1',
      CANCEL_TIMEOUT_MS: '1000',
    },
    { broker },
  );
  await desk.advance(DAY);
  await desk.submit({ day: DAY });
  await desk.advance(DAY + 1);
});
after(() => desk.close());

const statusOf = async ({ order_id: id }: Order) => (await desk.executor.order({ params: { id } })).status;

async function isTold({ order_id: id }: Order): Promise<boolean> {
  const { checks } = await desk.executor.health();
  return checks.some(({ name, detail }) => name === 'kills' && detail?.includes(id) === true);
}

async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + WAIT_MS_MAX;
  while (!(await holds())) {
    assert.ok(performance.now() < untilMs, `${what} did not come about`);
    await delay(POLL_MS);
  }
}

test('a kill ends the working order that increases risk, and leaves the one that reduces', async () => {
  const entry = await desk.submit({ ...gtc, day: DAY + 1, leg: 'more', quantity: '1', limit_price: '96' });
  const exit = await desk.submit({
    ...gtc,
    day: DAY + 1,
    leg: 'out',
    side: 'sell',
    quantity: '4',
    limit_price: '104',
  });
  assert.deepEqual([entry.status, exit.status], ['WORKING', 'WORKING']);
  const { kill } = await desk.gate.kill({
    body: { ...by, scope: 'strategy:trend_following', level: 'halted' },
  });
  await eventually('the cancel', async () => (await statusOf(entry)) === 'CANCELLED');
  assert.equal(await statusOf(exit), 'WORKING');
  await desk.gate.resume({ body: { ...by, kill_id: kill.kill_id } });
  await desk.executor.cancel({ params: { id: exit.order_id } });
});

test('a kill of another scope cancels nothing', async () => {
  const entry = await desk.submit({ ...gtc, day: DAY + 1, leg: 'other', quantity: '1', limit_price: '96' });
  const { kill } = await desk.gate.kill({ body: { ...by, scope: 'instrument:ETH/USDT', level: 'halted' } });
  const wide = await desk.gate.kill({ body: { ...by, scope: 'strategy:other', level: 'halted' } });
  await desk.executor.reconcile();
  assert.equal(await statusOf(entry), 'WORKING');
  for (const { kill_id: killId } of [kill, wide.kill])
    await desk.gate.resume({ body: { ...by, kill_id: killId } });
  await desk.executor.cancel({ params: { id: entry.order_id } });
});

test('a cancel that is not answered leaves the order UNKNOWN, and it is never sent again', async () => {
  const order = await desk.submit({ ...gtc, day: DAY + 1, leg: 'lost', quantity: '1', limit_price: '96' });
  cancelsToFail = 1;
  const answer = await desk.executor.cancel({ params: { id: order.order_id } });
  // The next round of reconciliation may already have heard that it still works.
  assert.ok(['UNKNOWN', 'WORKING'].includes(answer.status), answer.status);
  await eventually('the venue to be asked', async () => (await statusOf(order)) === 'WORKING');
  const events = await desk.eventsOf(order.order_id);
  assert.deepEqual(
    events.filter((kind) => kind === 'order.send_started' || kind === 'order.unknown'),
    ['order.send_started', 'order.unknown'],
  );
  await eventually('green books', async () => (await desk.executor.reconcile()).reconciled);
  const cancelled = await desk.executor.cancel({ params: { id: order.order_id } });
  assert.equal(cancelled.status, 'CANCELLED');
});

test('what a kill cannot end is told by /health until it has ended', async () => {
  const order = await desk.submit({ ...gtc, day: DAY + 1, leg: 'stuck', quantity: '1', limit_price: '96' });
  cancelsToFail = Infinity;
  const { kill } = await desk.gate.kill({ body: { ...by, scope: 'account:paper', level: 'reducing' } });
  const told = () => isTold(order);
  await eventually('the order on /health', told);
  cancelsToFail = 0;
  await eventually('the cancel', async () => (await statusOf(order)) === 'CANCELLED');
  await eventually('health', async () => !(await told()));
  await desk.gate.resume({ body: { ...by, kill_id: kill.kill_id } });
});

test('the venue is asked for every order at once: one that it does not answer keeps no other working', async () => {
  const order = { ...gtc, day: DAY + 1, quantity: '1', limit_price: '96' } as const;
  const first = await desk.submit({ ...order, leg: 'silent' });
  const second = await desk.submit({ ...order, leg: 'heard' });
  stuck = first.client_order_id;
  const { kill } = await desk.gate.kill({ body: { ...by, scope: 'firm', level: 'reducing' } });
  // The kill is acknowledged before the time that the silent one's answer is waited for has passed.
  const open = await desk.database.db
    .selectFrom('trading.paper_order')
    .select('client_order_id')
    .where('status', '=', 'working')
    .execute();
  assert.deepEqual(open, [{ client_order_id: stuck }]);
  await eventually('the order on /health', () => isTold(first));
  stuck = undefined;
  await eventually('the cancel', async () => (await statusOf(first)) === 'CANCELLED');
  await eventually('the other cancel', async () => (await statusOf(second)) === 'CANCELLED');
  await desk.gate.resume({ body: { ...by, kill_id: kill.kill_id } });
  await eventually('green books', async () => (await desk.executor.reconcile()).reconciled);
});

test('flatten tells what it could not cancel', async () => {
  const order = await desk.submit({ ...gtc, day: DAY + 1, leg: 'left', quantity: '1', limit_price: '96' });
  cancelsToFail = Infinity;
  const { problems } = await desk.executor.flatten({ body: { ...by, account: 'paper' } });
  cancelsToFail = 0;
  assert.ok(
    problems.some((problem) => problem.includes(order.order_id)),
    problems.join('\n'),
  );
});
