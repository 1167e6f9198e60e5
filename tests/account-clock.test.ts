import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { dailyBar, DAY_MS } from './fake-ingester.ts';
import { FIRST_DAY, STREAM, TradingDesk } from './trading-desk.ts';

const OTHER = 'csv:ETH/USDT:1d';

let desk: TradingDesk;
before(async () => {
  desk = await TradingDesk.open();
});
after(() => desk.close());

const clockOf = async (stream?: string) =>
  (await desk.executor.account({ query: { account: 'paper', ...(stream && { stream }) } })).clock_ms;
const advance = (stream: string, day: number) =>
  desk.executor.advancePaper({ body: { account: 'paper', stream, to_ms: day * DAY_MS } });

test('each stream of an account has a clock of its own; without a stream the furthest is told', async () => {
  await advance(STREAM, FIRST_DAY + 5);
  assert.equal(await clockOf(STREAM), (FIRST_DAY + 5) * DAY_MS);
  assert.equal(await clockOf(OTHER), null);
  await advance(OTHER, FIRST_DAY + 2);
  assert.equal(await clockOf(OTHER), (FIRST_DAY + 2) * DAY_MS);
  assert.equal(await clockOf(), (FIRST_DAY + 5) * DAY_MS);
});

test('an order that was decided before the clock does not trade in bars that have passed', async () => {
  await advance(STREAM, FIRST_DAY + 20);
  const order = await desk.submit({ day: FIRST_DAY + 8, quantity: '1' });
  assert.equal(order.status, 'WORKING');
  const { changed } = await advance(STREAM, FIRST_DAY + 22);
  assert.deepEqual(
    changed.map(({ fills }) => fills.map(({ filled_ms: filledMs }) => filledMs)),
    [[(FIRST_DAY + 20) * DAY_MS]],
  );
});

test('a position is marked at each close, and the clock does not go back', async () => {
  desk.ingester.setBars(STREAM, [dailyBar(FIRST_DAY + 22, 100, 120)]);
  const { account } = await advance(STREAM, FIRST_DAY + 23);
  // One bought at 100 for a fee of 10 bps, worth 120 now.
  assert.deepEqual([account.equity, account.clock_ms], ['10019.9', (FIRST_DAY + 23) * DAY_MS]);
  await assert.rejects(advance(STREAM, FIRST_DAY + 22), { status: 409 });
  assert.equal(await clockOf(STREAM), (FIRST_DAY + 23) * DAY_MS);
});
