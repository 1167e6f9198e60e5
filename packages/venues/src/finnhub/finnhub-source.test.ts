import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import type { Calendar } from '@aistock/market';
import { startScriptedServer, type Scripted, type ScriptedServer } from '../../test/scripted-server.ts';
import { isSourceError, webTermsOf } from '../../test/web-terms.ts';
import type { BarRequest, BarSource } from '../bar-source.ts';
import { finnhubEarnings } from './earnings.ts';
import { finnhubSource } from './finnhub-source.ts';

const NOW_MS = Date.parse('2024-07-05T12:00:00Z');
const KEY = 'SECRETKEY1234567';
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16);
const seconds = (text: string): number => Date.parse(text) / 1000;

const request: BarRequest = {
  instrument: 'AAPL',
  timeframe: '1m',
  sinceMs: Date.parse('2024-07-05T11:00:00Z'),
  limit: 100,
};

async function serve(answer: (url: URL) => Scripted): Promise<ScriptedServer> {
  const headers = { date: new Date(NOW_MS).toUTCString() };
  return startScriptedServer(({ url }) => ({
    headers,
    ...(url.pathname.endsWith('/market-status') ? { body: { isOpen: true } } : answer(url)),
  }));
}

const open = (server: ScriptedServer, calendar: Calendar = 'xnys'): BarSource =>
  finnhubSource({ ...webTermsOf(server, NOW_MS), apiKey: KEY, calendarOf: () => calendar });

const candles = (times: readonly string[], close = '1.5'): Scripted => {
  const list = (value: string): string => `[${times.map(() => value).join(',')}]`;
  const t = JSON.stringify(times.map(seconds));
  return {
    body: `{"s":"ok","t":${t},"o":${list('1.10')},"h":${list('2')},"l":${list('1')},"c":${list(close)},"v":${list('12345678901234567.5')}}`,
  };
};
const NO_DATA: Scripted = { body: { s: 'no_data' } };

test('candles as they came, asked for with the key in a header only', async () => {
  await using server = await serve(() => candles(['2024-07-05T11:00:00Z', '2024-07-05T11:01:00Z']));
  const source = open(server);
  const { bars, more, provenance } = await source.fetchBars(request);
  assert.deepEqual(
    bars.map(({ openMs, open: first, volume }) => [iso(openMs), first, volume]),
    [
      ['2024-07-05T11:00', '1.1', '12345678901234567.5'],
      ['2024-07-05T11:01', '1.1', '12345678901234567.5'],
    ],
  );
  assert.deepEqual([more, source.facts], [false, { adjustment: 'split' }]);
  const { url, headers } = server.requests.at(-1)!;
  assert.equal(url.pathname, '/api/v1/stock/candle');
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    symbol: 'AAPL',
    resolution: '1',
    from: String(seconds('2024-07-05T11:00:00Z')),
    to: String(seconds('2024-07-05T12:00:00Z')),
  });
  assert.equal(headers['x-finnhub-token'], KEY);
  assert.doesNotMatch(url.href + inspect(provenance, { depth: null }), new RegExp(KEY));
});

test('a daily bar is of its day in UTC, whichever midnight it is named by', async () => {
  await using server = await serve(() =>
    candles(['2024-07-01T00:00:00Z', '2024-07-02T04:00:00Z', '2024-12-03T05:00:00Z']),
  );
  const days = { ...request, timeframe: '1d', sinceMs: Date.parse('2024-07-01T04:00Z') } as const;
  const { bars } = await open(server).fetchBars(days);
  assert.deepEqual(
    bars.map(({ openMs }) => iso(openMs)),
    ['2024-07-01T04:00', '2024-07-02T04:00', '2024-12-03T05:00'],
  );
  const from = Number(server.requests.at(-1)!.url.searchParams.get('from'));
  assert.ok(from <= seconds('2024-07-01T00:00:00Z'));
});

test('a pair is of one crypto exchange', async () => {
  await using server = await serve(() => candles(['2024-07-05T11:00:00Z']));
  await open(server, 'always').fetchBars({ ...request, instrument: 'BTC/USDT' });
  const { url } = server.requests.at(-1)!;
  assert.deepEqual(
    [url.pathname, url.searchParams.get('symbol')],
    ['/api/v1/crypto/candle', 'BINANCE:BTCUSDT'],
  );
});

test('a month at a time, a year back; what is older is told', async () => {
  const listedMs = Date.parse('2024-06-01T13:30:00Z');
  await using server = await serve((url) =>
    Number(url.searchParams.get('to')) * 1000 > listedMs ? candles(['2024-06-03T13:30:00Z']) : NO_DATA,
  );
  const { bars, more, unserved } = await open(server).fetchBars({ ...request, sinceMs: 0 });
  assert.deepEqual([bars.length, more], [1, true]);
  assert.deepEqual(
    unserved?.map(({ fromMs, toMs }) => [fromMs, NOW_MS - toMs]),
    [[0, 365 * 86_400_000]],
  );
  assert.equal(server.requests.length, 13);
});

test('a name without data is asked for, and may be none', async () => {
  let quoteMs = 1_720_000_000;
  await using server = await serve((url) =>
    url.pathname.endsWith('/quote') ? { body: { c: 0, t: quoteMs } } : NO_DATA,
  );
  assert.deepEqual((await open(server).fetchBars(request)).bars, []);
  quoteMs = 0;
  await assert.rejects(
    open(server).fetchBars({ ...request, instrument: 'NO&to=1' }),
    isSourceError('unknown_instrument'),
  );
  assert.equal(server.requests.at(-1)!.url.searchParams.get('symbol'), 'NO&to=1');
});

test('refusals are told apart', async () => {
  const short = '{"s":"ok","t":[1720177200],"o":[1],"h":[1],"l":[1],"c":[],"v":[1]}';
  const answers: readonly [Scripted, Parameters<typeof isSourceError>[0]][] = [
    [{ status: 401, body: { error: 'Invalid API key' } }, 'source_refused'],
    [{ status: 403, body: { error: "You don't have access to this resource." } }, 'source_refused'],
    [{ status: 429, body: { error: 'API limit reached.' } }, 'rate_limited'],
    [{ status: 502, body: '<html>' }, 'source_unreachable'],
    [{ body: '{"s":"ok","t":[1720' }, 'malformed_data'],
    [{ body: short }, 'malformed_data'],
    [{ body: { s: 'maybe' } }, 'malformed_data'],
    [candles(['2024-07-05T11:00:00Z'], '1e40'), 'malformed_data'],
  ];
  for (const [answer, code] of answers) {
    await using server = await serve(() => answer);
    await assert.rejects(open(server).fetchBars(request), (error) => {
      assert.doesNotMatch(inspect(error, { depth: null }), new RegExp(KEY));
      return isSourceError(code)(error);
    });
  }
  await using server = await serve(() => NO_DATA);
  await assert.rejects(
    open(server).fetchBars({ ...request, timeframe: '4h' }),
    isSourceError('unknown_timeframe'),
  );
});

test('reports of earnings, and a list that may have been cut', async () => {
  let answer: Scripted = {
    body: {
      earningsCalendar: [
        { date: '2024-08-01', symbol: 'AAPL', hour: 'amc', epsEstimate: 1.35, year: 2024 },
        { date: '2024-07-12', symbol: 'JPM', hour: 'bmo', epsEstimate: null },
        { date: '2024-07-30', symbol: 'XYZ', hour: '' },
      ],
    },
  };
  await using server = await startScriptedServer(() => answer);
  const terms = { ...webTermsOf(server, NOW_MS), apiKey: KEY };
  const range = { fromDay: '2024-07-01', toDay: '2024-08-31' };
  const { reports, provenance } = await finnhubEarnings(terms, { ...range, instrument: 'AAPL' });
  assert.deepEqual(reports, [
    { instrument: 'AAPL', day: '2024-08-01', hour: 'after_close' },
    { instrument: 'JPM', day: '2024-07-12', hour: 'before_open' },
    { instrument: 'XYZ', day: '2024-07-30', hour: 'unknown' },
  ]);
  assert.equal(provenance.length, 1);
  assert.deepEqual(Object.fromEntries(server.requests[0]!.url.searchParams), {
    from: '2024-07-01',
    to: '2024-08-31',
    symbol: 'AAPL',
  });
  const many = Array.from({ length: 1_500 }, () => ({ date: '2024-08-01', symbol: 'A', hour: 'amc' }));
  answer = { body: { earningsCalendar: many } };
  await assert.rejects(finnhubEarnings(terms, range), isSourceError('source_refused'));
});
