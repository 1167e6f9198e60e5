import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CallError } from '@aistock/shared';
import { TradingDesk } from './trading-desk.ts';

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
