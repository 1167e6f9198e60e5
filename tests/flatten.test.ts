import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CallError } from '@aistock/shared';
import { COSTS, LIMITS, STREAM, TradingDesk } from './trading-desk.ts';

const DAY = 110;
const ETH = { instrument: 'ETH/USDT', stream: 'csv:ETH/USDT:1d' };
const by = { account: 'paper', by: 'ann', reason: 'going home' };

let desk: TradingDesk;
before(async () => {
  desk = await TradingDesk.open();
  await desk.submit({ day: DAY });
  await desk.submit({ day: DAY, ...ETH, side: 'sell', quantity: '2' });
  await Promise.all([desk.advance(DAY + 1), desk.advance(DAY + 1, ETH.stream)]);
});
after(() => desk.close());

test('everything that works is cancelled, and every position closed, long or short', async () => {
  const waiting = await desk.submit({
    day: DAY + 1,
    leg: 'more',
    order_type: 'limit',
    time_in_force: 'gtc',
    limit_price: '96',
    quantity: '1',
  });
  const { cancelled, orders, problems } = await desk.executor.flatten({ body: by });
  assert.deepEqual(problems, []);
  assert.deepEqual(
    cancelled.map(({ order_id: id, status }) => [id, status]),
    [[waiting.order_id, 'CANCELLED']],
  );
  assert.deepEqual(
    orders.map(({ instrument, side, quantity, reduce_only, status }) => [
      instrument,
      side,
      quantity,
      reduce_only,
      status,
    ]),
    [
      ['BTC/USDT', 'sell', '10', true, 'WORKING'],
      ['ETH/USDT', 'buy', '2', true, 'WORKING'],
    ],
  );
  await Promise.all([desk.advance(DAY + 2), desk.advance(DAY + 2, ETH.stream)]);
  const { positions } = await desk.executor.positions({ query: { account: 'paper' } });
  assert.deepEqual(
    positions.map(({ quantity }) => quantity),
    ['0', '0'],
  );
  assert.ok((await desk.executor.reconcile()).reconciled);
  assert.equal((await desk.eventsOf('paper')).at(-1), 'account.flattened');
});

test('an account that is flat is left as it is, and one that nobody knows is refused', async () => {
  assert.deepEqual(await desk.executor.flatten({ body: by }), { cancelled: [], orders: [], problems: [] });
  await assert.rejects(
    desk.executor.flatten({ body: { ...by, account: 'nobody' } }),
    (error: CallError) => error.problem?.code === 'account_unknown',
  );
});

/** An account of its own that has bought 10 BTC/USDT. */
async function holding(account: string, takenIn: 'quote' | 'base' = 'quote'): Promise<void> {
  await desk.setLimits({ ...LIMITS, account });
  await desk.executor.openPaperAccount({
    body: {
      account,
      currency: 'USDT',
      start_cash: '10000',
      costs: { ...COSTS, fees: { ...COSTS.fees, taken_in: takenIn } },
    },
  });
  await desk.submit({ account, day: DAY });
  await advance(account, DAY + 1);
}

const advance = (account: string, day: number) =>
  desk.executor.advancePaper({ body: { account, stream: STREAM, to_ms: (day + 1) * 86_400_000 } });

async function held(account: string): Promise<string | undefined> {
  const { positions } = await desk.executor.positions({ query: { account } });
  return positions[0]?.quantity;
}

test('what fees took out of what was bought is less than a lot, and stays; the lots are sold', async () => {
  const account = 'fee_in_base';
  await holding(account, 'base');
  assert.equal(await held(account), '9.99');
  const { orders, problems } = await desk.executor.flatten({ body: { ...by, account } });
  assert.deepEqual(
    orders.map(({ status, quantity }) => [status, quantity]),
    [['WORKING', '9.9']],
  );
  assert.equal(problems.length, 1);
  assert.match(problems[0]!, /^9\.99 BTC\/USDT is no whole number of lots/);
  await advance(account, DAY + 2);
  assert.equal(await held(account), '0.09');
  const again = await desk.executor.flatten({ body: { ...by, account } });
  assert.deepEqual(again.orders, []);
  assert.match(again.problems[0]!, /^0\.09 BTC\/USDT is no whole number of lots/);
});

test('a halt keeps positions open, which is told; a kill that lets reduce lets it be left', async () => {
  const account = 'killed';
  await holding(account);
  const scope = `account:${account}`;
  const halt = await desk.gate.kill({ body: { by: 'ann', reason: 'test', scope, level: 'halted' } });
  const halted = await desk.executor.flatten({ body: { ...by, account } });
  assert.deepEqual(
    halted.orders.map(({ status }) => status),
    ['DENIED'],
  );
  assert.match(halted.problems.join(), /BTC\/USDT stays open: order .* is DENIED, trading_halted/);
  await desk.gate.kill({ body: { by: 'ann', reason: 'test', scope, level: 'reducing' } });
  await desk.gate.resume({ body: { by: 'ann', reason: 'test', kill_id: halt.kill.kill_id } });
  const { problems } = await desk.executor.flatten({ body: { ...by, account } });
  assert.deepEqual(problems, []);
  await advance(account, DAY + 2);
  assert.equal(await held(account), '0');
});

test('asked for twice at once one order closes the position, and it is closed once', async () => {
  const account = 'twice';
  await holding(account);
  const answers = await Promise.all([1, 2, 3].map(() => desk.executor.flatten({ body: { ...by, account } })));
  const ids = new Set(answers.flatMap(({ orders }) => orders.map(({ order_id: id }) => id)));
  const { orders } = await desk.executor.orders({ query: { account, status: 'WORKING' } });
  assert.equal(orders.length, 1);
  assert.ok(ids.has(orders[0]!.order_id));
  await advance(account, DAY + 2);
  assert.equal(await held(account), '0');
});

test('a position that many orders have built up, larger than the largest order, is left at once', async () => {
  const account = 'grown';
  await holding(account);
  const { instruments } = LIMITS;
  const small = { ...instruments['BTC/USDT']!, quantity_max: '5', notional_max: '500' };
  await desk.setLimits({ ...LIMITS, account, instruments: { ...instruments, 'BTC/USDT': small } });
  assert.deepEqual((await desk.executor.flatten({ body: { ...by, account } })).problems, []);
  await advance(account, DAY + 2);
  assert.equal(await held(account), '0');
});
