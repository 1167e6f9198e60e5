import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { normaliseDecimal } from '@aistock/market';
import type { Exchange } from 'ccxt';
import { forbidOtherHosts, type HostGuard } from '../../guard/forbid-other-hosts.ts';
import type { VenueSim } from '../../start-venue-sim.ts';
import { ccxtExchange } from '../../../test/ccxt-exchange.ts';
import { minuteMarket, MINUTE_MS, START_MS, startOneMarket } from '../../../test/sims.ts';

const CLOSED = 5_000;
const MARKET = 'binance:BTC/USDT:1m';

let sim: VenueSim;
let guard: HostGuard;
let exchange: Exchange;

before(async () => {
  sim = await startOneMarket(minuteMarket('binance', 'BTC/USDT'), CLOSED + 0.5);
  guard = forbidOtherHosts(sim.url);
  exchange = await ccxtExchange('binance', sim.url);
  await exchange.loadMarkets();
});
after(async () => {
  guard.lift();
  await sim.stop();
});

const normal = (row: readonly unknown[]): unknown[] => [
  row[0],
  ...row.slice(1, 6).map((text) => normaliseDecimal(String(text))),
];

test('ccxt pages through thousands of bars, equal to the truth, the last one still forming', async () => {
  const rows: unknown[][] = [];
  for (let since = START_MS; ;) {
    const page = await exchange.fetchOHLCV('BTC/USDT', '1m', since, 1000);
    if (page.length === 0) break;
    rows.push(...page.map(normal));
    since = Number(page.at(-1)![0]) + 1;
  }
  const forming = rows.pop();
  const truth = [...sim.truth.bars(MARKET)].map(Object.values);
  assert.equal(truth.length, CLOSED);
  assert.deepEqual(rows, truth);
  assert.equal(forming?.[0], START_MS + CLOSED * MINUTE_MS);

  sim.control.setClock({ nowMs: START_MS + (CLOSED + 0.8) * MINUTE_MS });
  const [later] = await exchange.fetchOHLCV('BTC/USDT', '1m', forming[0], 1);
  assert.notDeepEqual(normal(later!), forming, 'the running bar has moved on');
  sim.control.setClock({ nowMs: START_MS + (CLOSED + 0.5) * MINUTE_MS });
});

test('its market and its clock are as the venue tells them', async () => {
  assert.equal(await exchange.fetchTime(), START_MS + (CLOSED + 0.5) * MINUTE_MS);
  const market = exchange.market('BTC/USDT');
  assert.deepEqual([market?.id, market?.precision.price], ['BTCUSDT', '0.01']);
});

async function ask(path: string): Promise<{ status: number; body: unknown; headers: Headers }> {
  const response = await fetch(sim.url + path);
  return { status: response.status, body: await response.json(), headers: response.headers };
}
const opensOf = (body: unknown): number[] =>
  (body as number[][]).map((row) => (row[0]! - START_MS) / MINUTE_MS);

test('without a start the newest bars come, up to the end; both bounds are inclusive', async () => {
  const klines = `/api/v3/klines?symbol=BTCUSDT&interval=1m`;
  assert.deepEqual(opensOf((await ask(`${klines}&limit=2`)).body), [4_999, 5_000]);
  assert.deepEqual(
    opensOf((await ask(`${klines}&limit=2&endTime=${START_MS + 7 * MINUTE_MS}`)).body),
    [6, 7],
  );
  const range = `&startTime=${START_MS + MINUTE_MS}&endTime=${START_MS + 3 * MINUTE_MS}`;
  assert.deepEqual(opensOf((await ask(klines + range)).body), [1, 2, 3]);
  assert.equal(opensOf((await ask(klines)).body).length, 500);
  assert.equal(opensOf((await ask(`${klines}&limit=5000`)).body).length, 1000);
});

test('what cannot be answered is refused with Binance’s codes', async () => {
  const cases: [string, number, number][] = [
    ['/api/v3/klines?interval=1m', 400, -1102],
    ['/api/v3/klines?symbol=BTCUSDT&interval=2m', 400, -1120],
    ['/api/v3/klines?symbol=NONE&interval=1m', 400, -1121],
    ['/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=x', 400, -1100],
    ['/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=0', 400, -1102],
  ];
  for (const [path, status, code] of cases) {
    const answer = await ask(path);
    assert.deepEqual([answer.status, (answer.body as { code: number }).code], [status, code], path);
  }
  await assert.rejects(exchange.fetchOHLCV('NO/NE', '1m'), /does not have market symbol/);
});

test('weights add up, and above the limit nothing is given until the minute is over', async () => {
  await using small = await startOneMarket(minuteMarket('binance', 'BTC/USDT'), 10, {
    limits: { binance: 5 },
  });
  guard.lift();
  const klines = `${small.url}/api/v3/klines?symbol=BTCUSDT&interval=1m`;
  const used: [number, string | null][] = [];
  for (let each = 0; each < 3; each++) {
    const { status, headers } = await fetch(klines);
    used.push([status, headers.get('x-mbx-used-weight-1m')]);
    if (status === 429) assert.match(headers.get('retry-after') ?? '', /^([1-9]|[1-5]\d|60)$/);
  }
  assert.deepEqual(used, [
    [200, '2'],
    [200, '4'],
    [429, '6'],
  ]);
});
