import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startScriptedServer, type Scripted, type ScriptedServer } from '../../test/scripted-server.ts';
import { isSourceError, webTermsOf } from '../../test/web-terms.ts';
import type { BarRequest, BarSource } from '../bar-source.ts';
import { alpacaSource, type AlpacaTerms } from './alpaca-source.ts';

const NOW_MS = Date.parse('2024-07-02T18:00:30Z');
const request: BarRequest = {
  instrument: 'AAPL',
  timeframe: '1m',
  sinceMs: Date.parse('2024-07-02T17:55:00.001Z'),
  limit: 100,
};

function open(server: ScriptedServer, terms: Partial<AlpacaTerms> = {}): BarSource {
  const account = { keyId: 'the-key', secret: 'the-secret', feed: 'iex', adjustment: 'raw' } as const;
  return alpacaSource({ ...webTermsOf(server, NOW_MS), ...account, ...terms });
}

const bar = (t: string, v = '5'): string =>
  `{"t":"${t}","o":1.10,"h":2,"l":1,"c":1.5,"v":${v},"n":1,"vw":1.2}`;
const page = (bars: readonly string[], token: string | null, symbol = 'AAPL'): Scripted => ({
  body: `{"bars":{"${symbol}":[${bars.join(',')}]},"next_page_token":${JSON.stringify(token)}}`,
});

test('what is asked, with which keys; every digit of the answer is kept', async () => {
  await using server = await startScriptedServer(() =>
    page([bar('2024-07-02T17:40:00Z', '12345678901234567.123456789')], null),
  );
  const source = open(server, { adjustment: 'split', feed: 'sip' });
  const { bars, more, provenance } = await source.fetchBars({
    ...request,
    sinceMs: Date.parse('2024-07-02T17:30:00.001Z'),
  });
  assert.deepEqual(bars, [
    {
      openMs: Date.parse('2024-07-02T17:40:00Z'),
      open: '1.1',
      high: '2',
      low: '1',
      close: '1.5',
      volume: '12345678901234567.123456789',
    },
  ]);
  assert.deepEqual([more, source.facts], [false, { feed: 'sip', adjustment: 'split' }]);
  const [{ url, headers }] = server.requests as [ScriptedServer['requests'][number]];
  assert.equal(url.pathname, '/v2/stocks/bars');
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    symbols: 'AAPL',
    timeframe: '1Min',
    start: '2024-07-02T17:30:00.001Z',
    end: '2024-07-02T17:44:30.000Z',
    limit: '100',
    adjustment: 'split',
    feed: 'sip',
  });
  assert.equal(headers['apca-api-key-id'], 'the-key');
  assert.equal(headers['apca-api-secret-key'], 'the-secret');
  assert.doesNotMatch(JSON.stringify(provenance.map(({ origin }) => origin)), /the-/);
  const nothingYet = await open(server, { feed: 'sip' }).fetchBars(request);
  assert.deepEqual([nothingYet.bars, nothingYet.more, server.requests.length], [[], false, 1]);
});

test('it follows page tokens up to the limit, and takes no bar from before', async () => {
  const pages: Record<string, Scripted> = {
    '': page([bar('2024-07-02T17:55:00Z'), bar('2024-07-02T17:56:00Z')], 'b'),
    b: page([], 'c'),
    c: page([bar('2024-07-02T17:57:00Z')], 'd'),
  };
  await using server = await startScriptedServer(
    ({ url }) => pages[url.searchParams.get('page_token') ?? '']!,
  );
  const { bars, more } = await open(server).fetchBars({ ...request, limit: 2 });
  assert.deepEqual(
    bars.map(({ openMs }) => new Date(openMs).toISOString().slice(11, 16)),
    ['17:56', '17:57'],
  );
  assert.equal(more, true);
  assert.equal(server.requests.length, 3);
});

test('a page that leads back to itself is not followed for ever', async () => {
  await using server = await startScriptedServer(() => page([], 'same'));
  await assert.rejects(open(server).fetchBars(request), isSourceError('source_stuck'));
  assert.equal(server.requests.length, 4);
});

test('crypto has a path, names and a feed of its own', async () => {
  await using server = await startScriptedServer(() => page([bar('2024-07-02T17:56:00Z')], null, 'BTC/USD'));
  const source = open(server, { feed: 'crypto_us' });
  assert.equal((await source.fetchBars({ ...request, instrument: 'BTC/USD' })).bars.length, 1);
  const [{ url }] = server.requests as [ScriptedServer['requests'][number]];
  assert.deepEqual([url.pathname, url.searchParams.get('symbols')], ['/v1beta3/crypto/us/bars', 'BTC/USD']);
  await assert.rejects(source.fetchBars(request), isSourceError('unknown_instrument'));
  await assert.rejects(
    open(server).fetchBars({ ...request, instrument: 'BTC/USD' }),
    isSourceError('unknown_instrument'),
  );
  assert.throws(
    () => open(server, { feed: 'crypto_us', adjustment: 'all' }),
    isSourceError('source_refused'),
  );
  assert.equal(server.requests.length, 1);
});

test('a name without bars is asked for once, and may be none', async () => {
  let isListed = true;
  await using server = await startScriptedServer(({ url }) => {
    if (url.pathname.startsWith('/v2/stocks/bars')) return { body: { bars: {}, next_page_token: null } };
    return isListed
      ? { body: { symbol: 'AAPL' } }
      : { status: 404, body: { code: 40410000, message: 'asset not found for NO?/WAY' } };
  });
  const source = open(server);
  assert.deepEqual((await source.fetchBars(request)).bars, []);
  await source.fetchBars(request);
  assert.equal(server.requests.filter(({ url }) => url.pathname === '/v2/assets/AAPL').length, 1);
  isListed = false;
  await assert.rejects(
    source.fetchBars({ ...request, instrument: 'NO?WAY' }),
    isSourceError('unknown_instrument', /asset not found/),
  );
  assert.equal(server.requests.at(-1)?.url.pathname, '/v2/assets/NO%3FWAY');
});

test('refusals are told apart, and only an outage is tried again', async () => {
  const answers: readonly [Scripted, Parameters<typeof isSourceError>[0], requests: number][] = [
    [{ status: 400, body: { message: 'invalid symbol: A' } }, 'unknown_instrument', 1],
    [{ status: 403, body: { message: 'subscription does not permit' } }, 'source_refused', 1],
    [{ status: 401, body: '<html>' }, 'source_refused', 1],
    [{ status: 429, body: '{"message":"too many requests."}' }, 'rate_limited', 1],
    [{ status: 429, body: '{}', headers: { 'retry-after': '1' } }, 'rate_limited', 4],
    [{ status: 503, body: 'down' }, 'source_unreachable', 4],
    [{ body: '{"bars":{"AAPL":[{"t":"2024-0' }, 'malformed_data', 1],
    [{ body: { bars: { AAPL: [{ t: 'today', o: 1 }] } } }, 'malformed_data', 1],
    [page([bar('2024-07-02T17:56:00Z', '1e40')], null), 'malformed_data', 1],
    [page([bar('2024-07-02T17:56:00Z')], null, 'MSFT'), 'malformed_data', 1],
  ];
  for (const [answer, code, requests] of answers) {
    await using server = await startScriptedServer(() => answer);
    await assert.rejects(open(server).fetchBars(request), (error: Error) => {
      assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /the-secret|the-key/);
      return isSourceError(code)(error);
    });
    assert.equal(server.requests.length, requests, JSON.stringify(answer));
  }
});

test("Alpaca's own clock, and how far behind it the feed is read", async () => {
  const timestamp = '2022-05-16T16:32:24.14373588-04:00';
  await using server = await startScriptedServer(({ url }) =>
    url.pathname === '/v2/clock'
      ? { body: { timestamp, is_open: false, next_open: timestamp, next_close: timestamp } }
      : { status: 404, body: {} },
  );
  const atMs = Date.parse('2022-05-16T20:32:24.143Z');
  assert.equal(await open(server).clockMs(), atMs);
  assert.equal(await open(server, { feed: 'sip' }).clockMs(), atMs - 16 * 60_000);
  assert.equal(await open(server, { feed: 'sip', delayMs: 0 }).clockMs(), atMs);
  const delays = [open(server), open(server, { feed: 'sip' }), open(server, { delayMs: 5_000 })];
  assert.deepEqual(
    delays.map(({ delayMs }) => delayMs),
    [0, 16 * 60_000, 5_000],
  );
});

const day = (date: string, close: string): object => ({ date, open: '09:30', close, session_open: '0400' });

test("the days of Alpaca's calendar", async () => {
  let body: unknown = [day('2024-11-27', '16:00'), day('2024-11-29', '13:00'), day('2024-12-02', '16:00')];
  await using server = await startScriptedServer(() => ({ body }));
  const source = open(server);
  const days = await source.calendarDays!(Date.parse('2024-11-28'), Date.parse('2024-12-02'));
  assert.deepEqual(days, [
    {
      day: '2024-11-29',
      opensMs: Date.parse('2024-11-29T14:30Z'),
      closesMs: Date.parse('2024-11-29T18:00Z'),
    },
  ]);
  assert.equal(server.requests[0]?.url.pathname, '/v2/calendar');
  body = [day('2024-11-29', '1pm')];
  await assert.rejects(source.calendarDays!(0, 1), isSourceError('malformed_data'));
});
