import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { CallError, type BracketPart, type Order } from '@aistock/shared';
import { startExecutorProcess } from './executor-process.ts';
import { dailyBar } from './fake-ingester.ts';
import { COSTS, STREAM, TradingDesk, type IntentChange } from './trading-desk.ts';

/** Brackets through gate, books and paper venue: what protects a position is there from its first fill on. */

const DAY = 110;
const protection = { stop_price: '97', target_price: '110', trail_bps: null };

const desk = await TradingDesk.open();
after(() => desk.close());

let accounts = 0;
let account = '';
beforeEach(async () => {
  account = `bracket_${++accounts}`;
  const { limits } = (await desk.gate.limits()).accounts[0] ?? {};
  assert.ok(limits);
  await desk.setLimits({ ...limits, account });
  await desk.openAccount(account);
});

/** Bars from the day after the decision on; before it everything stands at 100. */
function setBars(...bars: readonly (readonly [open: number, close: number])[]): void {
  const before = Array.from({ length: 11 }, (_, index) => dailyBar(DAY - 10 + index, 100));
  desk.ingester.setBars(STREAM, [
    ...before,
    ...bars.map(([open, close], index) => dailyBar(DAY + 1 + index, open, close)),
  ]);
}

const advance = (days: number) =>
  desk.executor.advancePaper({ body: { account, stream: STREAM, to_ms: (DAY + days + 1) * 86_400_000 } });

const enter = (change: IntentChange = {}) => desk.submit({ account, day: DAY, protection, ...change });

async function exitsOf(entry: Order): Promise<Record<BracketPart, Order>> {
  const { orders } = await desk.executor.orders({ query: { parent: entry.order_id } });
  const part = (name: BracketPart): Order => {
    const exit = orders.find(({ parent }) => parent?.part === name);
    assert.ok(exit, `no ${name}`);
    assert.equal(exit.parent?.decision_id, entry.decision_id);
    return exit;
  };
  return { stop: part('stop'), target: part('target') };
}

async function held(): Promise<string | undefined> {
  const { positions } = await desk.executor.positions({ query: { account } });
  return positions[0]?.quantity;
}

async function assertBooksAgree(): Promise<void> {
  const { accounts: results } = await desk.executor.reconcile();
  assert.deepEqual(results.find((each) => each.account === account)?.differences, []);
}

const states = ({ stop, target }: Record<BracketPart, Order>) => [stop.status, target.status];

test('exits wait for the entry, work once it fills, and the target cancels the stop', async () => {
  setBars([101, 102], [105, 106], [111, 111]);
  const entry = await enter();
  assert.deepEqual(states(await exitsOf(entry)), ['PENDING', 'PENDING']);
  await assert.rejects(
    desk.executor.cancel({ params: { id: (await exitsOf(entry)).stop.order_id } }),
    (error: CallError) => error.problem?.code === 'exit_waits_for_entry',
  );

  const filled = await advance(1);
  assert.deepEqual(filled.changed.map(({ leg, status }) => `${leg} ${status}`).toSorted(), [
    'entry FILLED',
    'entry_stop WORKING',
    'entry_target WORKING',
  ]);
  const working = await exitsOf(entry);
  assert.deepEqual([working.stop.quantity, working.stop.side, working.stop.permit_id], ['10', 'sell', null]);
  assert.match(working.stop.broker_order_id ?? '', /^paper-/);
  await assertBooksAgree();

  await advance(3);
  const ended = await exitsOf(entry);
  assert.deepEqual(states(ended), ['CANCELLED', 'FILLED']);
  assert.equal(ended.stop.reason, 'one_cancelled_other');
  assert.equal(ended.target.average_price, '110');
  assert.equal(await held(), '0');
  await assertBooksAgree();
  assert.deepEqual(await desk.eventsOf(ended.target.order_id), [
    'order.intended',
    'order.activated',
    'order.filled',
    'order.closed',
  ]);
});

test('a gap through the stop fills at the open', async () => {
  setBars([101, 102], [90, 91]);
  const entry = await enter();
  await advance(2);
  const { stop, target } = await exitsOf(entry);
  assert.deepEqual(states({ stop, target }), ['FILLED', 'CANCELLED']);
  assert.equal(stop.average_price, '90');
  assert.match(stop.broker_order_id ?? '', /^paper-.*:stop$/, 'it filled before it was known to work');
  await assertBooksAgree();
});

test('the exits of an entry that never fills end with it', async () => {
  setBars([101, 102], [101, 102]);
  const entry = await enter({
    order_type: 'limit',
    limit_price: '98',
    quantity: '5',
    protection: { ...protection, stop_price: '96' },
  });
  await advance(1);
  assert.equal((await desk.executor.order({ params: { id: entry.order_id } })).status, 'EXPIRED');
  const { stop, target } = await exitsOf(entry);
  assert.deepEqual(states({ stop, target }), ['CANCELLED', 'CANCELLED']);
  assert.equal(stop.reason, 'entry_not_filled');
  await assertBooksAgree();
});

test('cancelling an entry that has not filled ends its exits', async () => {
  setBars([101, 102]);
  const entry = await enter();
  assert.equal((await desk.executor.cancel({ params: { id: entry.order_id } })).status, 'CANCELLED');
  assert.deepEqual(states(await exitsOf(entry)), ['CANCELLED', 'CANCELLED']);
  await advance(1);
  assert.equal(await held(), undefined);
  await assertBooksAgree();
});

test('exits stand for the position until they are cancelled; then another exit may take it', async () => {
  setBars([101, 102], [102, 103]);
  const entry = await enter();
  await advance(1);
  const out = { account, day: DAY + 1, side: 'sell', reduce_only: true } as const;
  const denied = await desk.submit({ ...out, leg: 'too_soon' });
  assert.deepEqual(
    denied.denials.map(({ code }) => code),
    ['reduce_only_would_increase'],
  );
  const { stop } = await exitsOf(entry);
  assert.equal((await desk.executor.cancel({ params: { id: stop.order_id } })).status, 'CANCELLED');
  assert.deepEqual(states(await exitsOf(entry)), ['CANCELLED', 'WORKING']);
  assert.equal((await desk.executor.cancel({ params: { id: entry.order_id } })).status, 'FILLED');
  assert.deepEqual(states(await exitsOf(entry)), ['CANCELLED', 'CANCELLED']);
  assert.equal((await desk.submit({ ...out, leg: 'exit' })).status, 'WORKING');
  await advance(2);
  assert.equal(await held(), '0');
  await assertBooksAgree();
});

test('exits protect what has filled of an entry, and the fill of one takes back the rest of it', async () => {
  account = `${account}_thin`;
  const { limits } = (await desk.gate.limits()).accounts[0] ?? {};
  assert.ok(limits);
  await desk.setLimits({ ...limits, account });
  await desk.executor.openPaperAccount({
    body: {
      account,
      currency: 'USDT',
      start_cash: '10000',
      costs: { ...COSTS, participation_max: 0.004 },
    },
  });
  setBars([101, 102], [102, 103], [96, 95]);
  const entry = await enter({ time_in_force: 'gtc', quantity: '20' });
  await advance(1);
  assert.deepEqual([(await exitsOf(entry)).stop.quantity, await held()], ['4', '4']);
  await advance(2);
  assert.deepEqual([(await exitsOf(entry)).stop.quantity, await held()], ['8', '8']);
  await assertBooksAgree();
  await advance(3);
  const order = await desk.executor.order({ params: { id: entry.order_id } });
  const { stop, target } = await exitsOf(entry);
  assert.deepEqual(
    [order.status, ...states({ stop, target })],
    ['CANCELLED', 'PARTIALLY_FILLED', 'CANCELLED'],
  );
  assert.ok(Number(await held()) < Number(stop.quantity));
  await assertBooksAgree();
});

/** Advances in a process that dies once the venue has matched, before the executor's books know of it; then starts it again. */
async function dieWhileAdvancing(days: number): Promise<void> {
  await desk.stopExecutor();
  const child = await startExecutorProcess(desk, {
    AISTOCK_FAULTS: '1',
    FAULT_POINT: 'after_match',
    FAULT_AT_ORDER: '1',
  });
  const body = { account, stream: STREAM, to_ms: (DAY + days + 1) * 86_400_000 };
  await assert.rejects(child.client.advancePaper({ body }), CallError);
  assert.equal(await child.died, 'SIGKILL');
}

async function bookedStates(): Promise<string[]> {
  const rows = await desk.database.db
    .selectFrom('trading.orders')
    .select('status')
    .where('account', '=', account)
    .orderBy('leg')
    .execute();
  return rows.map(({ status }) => status);
}

test('killed between the fill of the entry and what follows from it, the bracket is whole after the start', async () => {
  setBars([101, 102], [90, 91]);
  const entry = await enter();
  await dieWhileAdvancing(1);
  assert.deepEqual(
    await bookedStates(),
    ['WORKING', 'PENDING', 'PENDING'],
    'it knew of no fill when it died',
  );

  await desk.startExecutor();
  assert.deepEqual(states(await exitsOf(entry)), ['WORKING', 'WORKING']);
  assert.equal(await held(), '10');
  await assertBooksAgree();
  await advance(2);
  assert.deepEqual(states(await exitsOf(entry)), ['FILLED', 'CANCELLED']);
  assert.equal(await held(), '0');
  await assertBooksAgree();
});

test('killed after an exit has filled, the position that the books hold is found gone after the start', async () => {
  setBars([101, 102], [90, 91]);
  const entry = await enter();
  await advance(1);
  await dieWhileAdvancing(2);
  assert.deepEqual(await bookedStates(), ['FILLED', 'WORKING', 'WORKING'], 'it knew of no exit when it died');

  await desk.startExecutor();
  const { stop, target } = await exitsOf(entry);
  assert.deepEqual(states({ stop, target }), ['FILLED', 'CANCELLED']);
  assert.deepEqual([stop.average_price, stop.fills.length], ['90', 1]);
  assert.equal(await held(), '0');
  await assertBooksAgree();
});

test('killed after entry and exit have filled, both are booked once after the start', async () => {
  setBars([101, 102], [90, 91]);
  const entry = await enter();
  await dieWhileAdvancing(2);
  assert.deepEqual(
    await bookedStates(),
    ['WORKING', 'PENDING', 'PENDING'],
    'it knew of no fill when it died',
  );

  await desk.startExecutor();
  await advance(2);
  assert.deepEqual(states(await exitsOf(entry)), ['FILLED', 'CANCELLED']);
  assert.equal(await held(), '0');
  await assertBooksAgree();
});

test('a trailing exit follows the best price, and never starts below its stop', async () => {
  setBars([101, 102], [110, 120], [113, 112]);
  const entry = await enter({ protection: { stop_price: '97', target_price: null, trail_bps: 500 } });
  await advance(3);
  const { orders } = await desk.executor.orders({ query: { parent: entry.order_id } });
  const [stop] = orders;
  assert.deepEqual([orders.length, stop?.order_type, stop?.status], [1, 'trailing_stop', 'FILLED']);
  assert.equal(stop?.average_price, '113', 'the open was behind the stop, five per cent under 121');
  await assertBooksAgree();
});
