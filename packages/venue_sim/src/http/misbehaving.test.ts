import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Control } from '../control.ts';
import type { MisbehaviourTerms } from '../misbehaviour/misbehaviour.ts';
import { startVenueSim, type VenueSim } from '../start-venue-sim.ts';
import { minuteMarket, MINUTE_MS, standingClock, START_MS } from '../../test/sims.ts';

const MARKET = 'binance:BTC/USDT:1m';
const NOW_MS = START_MS + 100.5 * MINUTE_MS;
const at = (minute: number): number => START_MS + minute * MINUTE_MS;

let sim: VenueSim;
let control: Control;

before(async () => {
  const markets = [minuteMarket('binance', 'BTC/USDT'), minuteMarket('kraken', 'BTC/USD')];
  sim = await startVenueSim({ markets, clock: standingClock(100.5) });
  control = sim.control;
});
afterEach(() => {
  control.behave();
  control.setClock({ nowMs: NOW_MS });
});
after(() => sim.stop());

const get = (path: string, init?: RequestInit): Promise<Response> => fetch(sim.url + path, init);
const time = (): Promise<Response> => get('/api/v3/time');

async function rows(fromMinute: number, limit = 10): Promise<string[][]> {
  const query = `symbol=BTCUSDT&interval=1m&startTime=${at(fromMinute)}&limit=${limit}`;
  return (await (await get(`/api/v3/klines?${query}`)).json()) as string[][];
}
async function minutes(fromMinute: number, limit?: number): Promise<number[]> {
  return (await rows(fromMinute, limit)).map(([openMs]) => (Number(openMs) - START_MS) / MINUTE_MS);
}
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_each, index) => from + index);

test('429 and 5xx come as often as told, with Retry-After where it belongs', async () => {
  control.misbehave(
    { kind: 'rate_limit', count: 1, retryAfterS: 7 },
    { kind: 'server_error', count: 1, status: 502 },
  );
  const limited = await time();
  assert.deepEqual([limited.status, limited.headers.get('retry-after')], [429, '7']);
  assert.deepEqual(((await limited.json()) as { code: number }).code, -1003);
  assert.equal((await time()).status, 502);
  assert.equal((await time()).status, 200);
});

test('a ban lasts for its time, also when the rule is gone, and for its venue only', async () => {
  let realMs = 0;
  const clock = { ...standingClock(5), realMs: () => realMs };
  const markets = [minuteMarket('binance', 'BTC/USDT'), minuteMarket('kraken', 'BTC/USD')];
  await using banning = await startVenueSim({ markets, clock });
  const ask = (path: string): Promise<Response> => fetch(banning.url + path);
  banning.control.misbehave({ kind: 'ban', count: 1, retryAfterS: 30, venue: 'binance' });
  assert.equal((await ask('/0/public/Time')).status, 200);
  assert.equal((await ask('/api/v3/time')).status, 418);
  banning.control.behave();
  realMs = 29_500;
  const banned = await ask('/api/v3/time');
  assert.deepEqual([banned.status, banned.headers.get('retry-after')], [418, '1']);
  assert.equal((await ask('/0/public/Time')).status, 200);
  realMs = 30_000;
  assert.equal((await ask('/api/v3/time')).status, 200);
});

test('no answer, a reset and half an answer', async () => {
  control.misbehave(
    { kind: 'timeout', count: 1 },
    { kind: 'reset', count: 1 },
    { kind: 'truncated_json', count: 1 },
  );
  await assert.rejects(get('/api/v3/time', { signal: AbortSignal.timeout(200) }), { name: 'TimeoutError' });
  await assert.rejects(time(), (error: Error) => (error.cause as { code?: string }).code === 'ECONNRESET');
  const half = await time();
  assert.equal(half.status, 200);
  await assert.rejects(half.json(), SyntaxError);
  assert.deepEqual(
    control
      .requests()
      .slice(-3)
      .map(({ status, misbehaviour }) => [status, misbehaviour]),
    [
      [0, 'timeout'],
      [0, 'reset'],
      [200, 'truncated_json'],
    ],
  );
});

test('a page twice, the earliest page, an overlap', async () => {
  assert.deepEqual(await minutes(20), range(20, 30));
  control.misbehave(
    { kind: 'page_twice', count: 1 },
    { kind: 'earliest_bars', count: 1 },
    { kind: 'overlap', count: 1, bars: 4 },
  );
  assert.deepEqual(await minutes(30), range(20, 30));
  assert.deepEqual(await minutes(30), range(0, 10));
  assert.deepEqual(await minutes(30), range(26, 36));
  assert.deepEqual(await minutes(30), range(30, 40));
});

test('rows in wrong order are the same rows', async () => {
  control.misbehave({ kind: 'wrong_order', count: 1 });
  const order = await minutes(30);
  assert.notDeepEqual(order, range(30, 40));
  assert.deepEqual(
    order.toSorted((a, b) => a - b),
    range(30, 40),
  );
});

test('a skewed clock shows in the Date header and the time endpoint, and shifts no bars', async () => {
  control.misbehave({ kind: 'clock_skew', rate: 1, skewMs: 90_000 });
  const answer = await time();
  assert.deepEqual(await answer.json(), { serverTime: NOW_MS + 90_000 });
  assert.equal(Date.parse(answer.headers.get('date') ?? ''), Math.floor((NOW_MS + 90_000) / 1000) * 1000);
  assert.deepEqual((await minutes(90, 50)).at(-1), 100);
});

test('a bar that has just closed is told as it stood before, then as it is', async () => {
  control.misbehave({ kind: 'last_bar_changes', rate: 1, forMs: MINUTE_MS });
  const [early] = await rows(99, 1);
  control.setClock({ nowMs: at(101) });
  const [late] = await rows(99, 1);
  assert.notDeepEqual(early, late);
  const [truth] = sim.truth.bars(MARKET, { fromMs: at(99) });
  assert.equal(Number(late![4]), Number(truth!.close));
});

test('a missing bar is absent for its time, or for good', async () => {
  control.misbehave({ kind: 'missing_bar', rate: 0.2, forMs: 10 * MINUTE_MS });
  const [first, ...more] = sim.truth.missing(MARKET);
  assert.ok(first !== undefined && first >= at(90) && more.length < 10);
  assert.ok(!(await minutes(90)).includes((first - START_MS) / MINUTE_MS));
  control.setClock({ nowMs: first + 11 * MINUTE_MS });
  assert.deepEqual((await minutes(90, 4))[0], 90);

  control.behave();
  control.misbehave({ kind: 'missing_bar', count: 5_000 });
  const absent = [...sim.truth.missing(MARKET)].map((openMs) => (openMs - START_MS) / MINUTE_MS);
  const present = [...sim.truth.bars(MARKET)].map(({ openMs }) => (openMs - START_MS) / MINUTE_MS);
  assert.ok(absent.length > 20);
  const closed = Math.floor((control.status().nowMs - START_MS) / MINUTE_MS);
  assert.deepEqual(
    [...absent, ...present].toSorted((a, b) => a - b),
    range(0, closed),
  );
  const shown = await minutes(0, 1000);
  assert.deepEqual(
    shown.filter((minute) => minute < closed),
    present,
    'the running bar is never missing',
  );
});

async function volumeAt(minute: number): Promise<number> {
  return Number((await rows(minute, 1))[0]![5]);
}

test('a restated bar has another value from its moment on, for good, and the truth says both', async () => {
  const first = await volumeAt(98);
  const terms: MisbehaviourTerms = { kind: 'restated_bar', rate: 1, afterMs: 10 * MINUTE_MS };
  control.misbehave(terms);
  assert.equal(await volumeAt(98), first, 'not yet');
  control.setClock({ nowMs: at(109) });
  const later = await volumeAt(98);
  assert.notEqual(later, first);
  assert.ok(Number.isFinite(later));

  const [told] = sim.truth.restatements(MARKET, { fromMs: at(98), toMs: at(99) });
  assert.deepEqual(
    [told?.atMs, Number(told?.before.volume), Number(told?.after.volume)],
    [at(109), first, later],
  );
  const [old] = sim.truth.bars(MARKET, { fromMs: at(98), atMs: at(109) - 1 });
  assert.equal(Number(old?.volume), first);
  const [earliest] = sim.truth.restatements(MARKET, { toMs: at(1) });
  assert.equal(earliest?.atMs, NOW_MS, 'a bar of long ago is restated when the venue is told to');

  control.behave();
  assert.equal(await volumeAt(98), later, 'it is not taken back');
  control.setClock({ nowMs: at(200) });
  assert.deepEqual([...sim.truth.restatements(MARKET, { fromMs: at(99) })], [], 'but no further bar is');
});
