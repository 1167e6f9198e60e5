import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { checkBars } from '@aistock/market';
import { sha256Hex } from '@aistock/shared';
import { startAnswersServer } from '../../test/answers-server.ts';
import { barTexts, startExchangeServer } from '../../test/exchange-server.ts';
import { SourceError, type BarSource, type SourceErrorCode } from '../bar-source.ts';
import { ccxtSource } from './ccxt-source.ts';

const STEP_MS = 60_000;
const FIRST_MS = 1_700_000_040_000;
const opens = Array.from({ length: 2600 }, (_, i) => FIRST_MS + i * STEP_MS);
/** Half a minute into the last bar. */
const world = { nowMs: opens.at(-1)! + STEP_MS / 2, opens };
const minutes = { instrument: 'BTC/USDT', timeframe: '1m' } as const;

const open = (
  exchange: string,
  server: { readonly origin: string },
  nowMs = () => world.nowMs,
): Promise<BarSource> =>
  ccxtSource({
    exchange,
    nowMs,
    newRequestId: randomUUID,
    origin: server.origin,
    retryWorld: {
      chance: () => 0,
      nowMs: performance.now.bind(performance),
      sleep: () => Promise.resolve(),
    },
    timeoutMs: 5000,
  });

async function fails(promise: Promise<unknown>, code: SourceErrorCode): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof SourceError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  });
}

test('binance: pages from since on, every digit as it came, the open bar known by its clock', async () => {
  await using server = await startExchangeServer(world);
  const source = await open('binance', server);
  const first = await source.fetchBars({ ...minutes, sinceMs: FIRST_MS, limit: 2500 });
  assert.deepEqual([first.bars.length, first.more, source.tradesOnly], [2500, true, false]);
  const [, high] = barTexts(FIRST_MS);
  assert.equal(first.bars[0]!.high, high.replace('.00', ''));
  assert.equal(first.bars[0]!.volume, '12345678901234567.12345678');

  const rest = await source.fetchBars({ ...minutes, sinceMs: opens[2500], limit: 2500 });
  assert.deepEqual([rest.bars.length, rest.more], [100, false]);
  const { accepted, rejected } = checkBars([...first.bars, ...rest.bars], {
    timeframe: '1m',
    calendar: 'always',
    clockMs: await source.clockMs(),
    watermarkMs: null,
  });
  assert.deepEqual(
    accepted.map((bar) => bar.openMs),
    opens.slice(0, -1),
  );
  assert.deepEqual(
    rejected.map(({ reason }) => reason),
    ['open_bar'],
  );
});

test('binance: only spot is asked for, and the answers are kept as they came', async () => {
  await using server = await startExchangeServer(world);
  const source = await open('binance', server);
  const { provenance } = await source.fetchBars({ ...minutes, sinceMs: FIRST_MS, limit: 1500 });
  const paths = new Set(server.requests.map((request) => request.split('?')[0]));
  assert.deepEqual(paths, new Set(['/api/v3/exchangeInfo', '/api/v3/time', '/api/v3/klines']));
  const klines = provenance.filter(({ origin }) => origin.includes('/klines'));
  assert.equal(klines.length, 2);
  for (const { origin, bytes, sha256 } of provenance) {
    assert.ok(origin.startsWith(server.origin));
    assert.ok(bytes);
    assert.equal(sha256, sha256Hex(bytes));
  }
});

test('without a since the newest bars come', async () => {
  await using server = await startExchangeServer(world);
  const source = await open('binance', server);
  const { bars, more } = await source.fetchBars({ ...minutes, sinceMs: undefined, limit: 10 });
  assert.deepEqual(
    bars.map((bar) => bar.openMs),
    opens.slice(-10),
  );
  assert.equal(more, false);
});

test('an outage longer than a page does not stop the source', async () => {
  const gap = { ...world, opens: opens.filter((_, i) => i < 5 || i >= 2590) };
  await using server = await startExchangeServer(gap);
  const source = await open('binance', server);
  const { bars } = await source.fetchBars({ ...minutes, sinceMs: FIRST_MS, limit: 100 });
  assert.equal(bars.length, 15);
});

test('kraken: its own names, its own clock, its newest bars', async () => {
  await using server = await startExchangeServer(world);
  const source = await open('kraken', server);
  const request = { instrument: 'BTC/USD', timeframe: '1m', sinceMs: opens[2000], limit: 1000 } as const;
  const { bars, more } = await source.fetchBars(request);
  assert.deepEqual(
    bars.map((bar) => bar.openMs),
    opens.slice(2000),
  );
  assert.equal(more, false);
  assert.equal(bars[0]!.volume, '12345678901234567.12345678');
  assert.equal(await source.clockMs(), Math.floor(world.nowMs / 1000) * 1000);
  assert.ok(server.requests.every((path) => path.startsWith('/0/public/')));
});

test('names that are not there', async () => {
  await using server = await startExchangeServer(world);
  for (const name of ['nosuchexchange', '../base/Exchange', 'binance.js', '', 'binance\0']) {
    await fails(open(name, server), 'unknown_exchange');
  }
  const source = await open('binance', server);
  for (const instrument of ['ETH/USDT', '__proto__', 'BTC/USDT:USDT']) {
    await fails(
      source.fetchBars({ instrument, timeframe: '1m', sinceMs: FIRST_MS, limit: 1 }),
      'unknown_instrument',
    );
  }
});

test('a dropped connection is tried again, but not for ever', async () => {
  await using server = await startExchangeServer(world);
  const source = await open('binance', server);
  const request = { ...minutes, sinceMs: FIRST_MS, limit: 5 };
  server.planned.push({ status: 0, body: '' }, { status: 503, body: 'down' });
  assert.equal((await source.fetchBars(request)).bars.length, 5);
  const before = server.requests.length;
  server.planned.push(...Array.from({ length: 9 }, () => ({ status: 0, body: '' })));
  await fails(source.fetchBars(request), 'source_unreachable');
  assert.equal(server.requests.length - before, 4);
});

test('a limit is not run against, and an answer that is no JSON is no bars', async () => {
  await using server = await startExchangeServer(world);
  const source = await open('binance', server);
  const request = { ...minutes, sinceMs: FIRST_MS, limit: 5 };
  await source.fetchBars(request);
  const before = server.requests.length;
  server.planned.push({ status: 429, body: '{"code":-1003,"msg":"Too many requests"}' });
  await fails(source.fetchBars(request), 'rate_limited');
  assert.equal(server.requests.length - before, 1);
  const time = { status: 200, body: `{"serverTime":${world.nowMs}}` };
  server.planned.push(time, { status: 200, body: '<html>' });
  await fails(source.fetchBars({ ...request, sinceMs: 0 }), 'malformed_data');
});

test('a server that is not there is unreachable', async () => {
  const server = await startExchangeServer(world);
  const source = await open('binance', server);
  await server[Symbol.asyncDispose]();
  await fails(source.clockMs(), 'source_unreachable');
});

test('markets are loaded again after an hour, and for a name that is new', async () => {
  await using server = await startExchangeServer(world);
  let nowMs = world.nowMs;
  const source = await open('binance', server, () => nowMs);
  const loads = (): number =>
    server.requests.filter((path) => path.startsWith('/api/v3/exchangeInfo')).length;
  const ask = (instrument: string) =>
    source.fetchBars({ instrument, timeframe: '1m', sinceMs: opens.at(-5), limit: 5 });
  await ask('BTC/USDT');
  await ask('BTC/USDT');
  assert.equal(loads(), 1);
  await fails(ask('NEW/USDT'), 'unknown_instrument');
  assert.equal(loads(), 1);
  nowMs += STEP_MS;
  await fails(ask('NEW/USDT'), 'unknown_instrument');
  assert.equal(loads(), 2);
  nowMs += 3_600_000;
  await ask('BTC/USDT');
  assert.equal(loads(), 3);
});

test('kraken: what is older than it keeps is told', async () => {
  await using server = await startExchangeServer(world);
  const source = await open('kraken', server);
  const request = { instrument: 'BTC/USD', timeframe: '1m', sinceMs: FIRST_MS, limit: 1000 } as const;
  const { bars, unserved } = await source.fetchBars(request);
  assert.deepEqual(
    bars.map((bar) => bar.openMs),
    opens.slice(-720),
  );
  assert.deepEqual(
    unserved?.map(({ fromMs, toMs }) => [fromMs, toMs]),
    [[FIRST_MS, opens.at(-720)]],
  );
});

/** Coinbase's candles: those that open from `start` to `end`, at most 300, the newest first. */
function coinbaseCandles(query: URLSearchParams): string {
  const stepMs = Number(query.get('granularity')) * 1000;
  const [startMs, endMs] = ['start', 'end'].map((name) => Date.parse(query.get(name)!));
  const times = new Set(opens.map((openMs) => Math.floor(openMs / stepMs) * stepMs));
  const rows = [...times].filter((openMs) => openMs >= startMs! && openMs <= endMs!);
  return JSON.stringify(
    rows
      .slice(-300)
      .toReversed()
      .map((openMs) => [openMs / 1000, 1, 2, 1, 2, 3]),
  );
}

test('a market that began long after the asked time is found by its days', async () => {
  let questions = 0;
  const product = '{"id":"BTC-USD","base_currency":"BTC","quote_currency":"USD","status":"online"}';
  await using server = await startAnswersServer(({ pathname, searchParams }) => {
    questions++;
    if (pathname === '/products') return `[${product}]`;
    if (pathname === '/time') return `{"epoch":${world.nowMs / 1000}}`;
    return pathname === '/products/BTC-USD/candles' ? coinbaseCandles(searchParams) : undefined;
  });
  const source = await open('coinbaseexchange', server);
  const sinceMs = FIRST_MS - 400 * 86_400_000;
  const { bars } = await source.fetchBars({ instrument: 'BTC/USD', timeframe: '1m', sinceMs, limit: 10 });
  assert.deepEqual(
    bars.map((bar) => bar.openMs),
    opens.slice(0, 10),
  );
  assert.ok(questions < 40, `${questions} questions`);
});
