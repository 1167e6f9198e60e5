import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DAY_MS } from './fake-ingester.ts';
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
