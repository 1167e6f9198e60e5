import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { startScriptedServer, type Scripted, type ScriptedServer } from '../../test/scripted-server.ts';
import { isSourceError, webTermsOf } from '../../test/web-terms.ts';
import { unpaced, type Pacer } from '../pacing/pacer.ts';
import { SourceError, type BarRequest, type BarSource } from '../bar-source.ts';
import { alphaVantageSource, type AlphaVantageTerms } from './alphavantage-source.ts';

const NOW_MS = Date.parse('2024-07-05T12:00:00Z');
const KEY = 'SECRETKEY1234567';
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16);

function open(server: ScriptedServer, terms: Partial<AlphaVantageTerms> = {}): BarSource {
  return alphaVantageSource({
    ...webTermsOf(server, NOW_MS),
    apiKey: KEY,
    calendarOf: () => 'xnys',
    ...terms,
  });
}

const row = (price: string): object => ({
  '1. open': price,
  '2. high': price,
  '3. low': price,
  '4. close': price,
  '5. volume': '3421800',
});
const daily = (rows: Readonly<Record<string, object>>, timeZone = 'US/Eastern'): Scripted => ({
  body: {
    'Meta Data': { '1. Information': 'Daily Prices', '2. Symbol': 'IBM', '5. Time Zone': timeZone },
    'Time Series (Daily)': rows,
  },
});
const request: BarRequest = {
  instrument: 'IBM',
  timeframe: '1d',
  sinceMs: Date.parse('2024-07-02T04:00:00.001Z'),
  limit: 100,
};

test('daily bars, oldest first, by the day in New York; every digit as it came', async () => {
  await using server = await startScriptedServer(() =>
    daily({
      '2024-07-05': row('176.0250'),
      '2024-07-03': row('175.7300'),
      '2024-07-02': row('177.3000'),
      '2024-01-02': row('161.5'),
    }),
  );
  const source = open(server);
  const { bars, more, unserved, provenance } = await source.fetchBars(request);
  assert.deepEqual(
    bars.map(({ openMs, close, volume }) => [iso(openMs), close, volume]),
    [
      ['2024-07-03T04:00', '175.73', '3421800'],
      ['2024-07-05T04:00', '176.025', '3421800'],
    ],
  );
  assert.deepEqual([more, unserved, source.facts], [false, [], { adjustment: 'raw' }]);
  const [{ url }] = server.requests as [ScriptedServer['requests'][number]];
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    function: 'TIME_SERIES_DAILY',
    symbol: 'IBM',
    outputsize: 'compact',
    apikey: KEY,
  });
  assert.doesNotMatch(inspect(provenance, { depth: null }), new RegExp(KEY));
  const newest = await source.fetchBars({ ...request, sinceMs: undefined, limit: 3 });
  assert.deepEqual([newest.bars.length, iso(newest.bars[0]!.openMs)], [3, '2024-07-02T04:00']);
  const first = await source.fetchBars({ ...request, sinceMs: 0, limit: 1 });
  assert.deepEqual(
    [first.bars.length, iso(first.bars[0]!.openMs), first.more],
    [1, '2024-01-02T05:00', true],
  );
});

test('bars are judged by the clock of the answer where ours is ahead, also at the first one', async () => {
  const headers = { date: new Date(NOW_MS).toUTCString() };
  await using server = await startScriptedServer(() => ({ ...daily({ '2024-07-05': row('1') }), headers }));
  const ahead = open(server, { nowMs: () => NOW_MS + 36_000_000 });
  assert.equal((await ahead.fetchBars(request)).clockMs, NOW_MS);
});

test('intraday times are of New York, in summer and in winter', async () => {
  await using server = await startScriptedServer(({ url }) => ({
    body: {
      'Meta Data': { '4. Interval': '30min', '6. Time Zone': 'US/Eastern' },
      [`Time Series (${url.searchParams.get('interval')})`]: {
        '2024-07-05 15:30:00': row('1'),
        '2024-01-05 09:30:00': row('2'),
      },
    },
  }));
  const { bars } = await open(server).fetchBars({ ...request, timeframe: '30m', sinceMs: 0 });
  assert.deepEqual(
    bars.map(({ openMs, close }) => [iso(openMs), close]),
    [
      ['2024-01-05T14:30', '2'],
      ['2024-07-05T19:30', '1'],
    ],
  );
});

const seriesOf = (symbol: string, series: string): Scripted => ({
  body: {
    'Meta Data': { '2. Symbol': symbol, '6. Time Zone': 'US/Eastern' },
    [`Time Series (${series})`]: { '2024-07-03': row('1') },
  },
});

test('bars of another stock or another timeframe are not taken', async () => {
  for (const answer of [seriesOf('MSFT', 'Daily'), seriesOf('IBM', '5min')]) {
    await using server = await startScriptedServer(() => answer);
    await assert.rejects(open(server).fetchBars(request), isSourceError('malformed_data'));
  }
  await using server = await startScriptedServer(() => seriesOf('ibm', 'Daily'));
  assert.equal((await open(server).fetchBars(request)).bars.length, 1);
});

test('what the plan cuts off is told, unless the whole series came', async () => {
  const rows = Object.fromEntries(
    Array.from({ length: 100 }, (_, day) => [
      new Date(NOW_MS - day * 86_400_000).toISOString().slice(0, 10),
      row('1'),
    ]),
  );
  await using server = await startScriptedServer(() => daily(rows));
  const cut = await open(server).fetchBars({ ...request, sinceMs: 0 });
  assert.deepEqual(
    cut.unserved?.map(({ fromMs, toMs }) => [fromMs, toMs]),
    [[0, cut.bars[0]!.openMs]],
  );
  assert.deepEqual((await open(server, { full: true }).fetchBars({ ...request, sinceMs: 0 })).unserved, []);
  assert.equal(server.requests.at(-1)?.url.searchParams.get('outputsize'), 'full');
});

const LIMIT =
  `We have detected your API key as ${KEY} and our standard API rate limit is 25 requests per day. ` +
  'Please subscribe to any of the premium plans to instantly remove all daily rate limits.';

test('refusals come with status 200 and no bars; they are told apart, without the key that they name', async () => {
  const fault = 'Invalid API call. Please retry or visit the documentation for TIME_SERIES_DAILY.';
  const noKey = 'the parameter apikey is invalid or missing. Please claim your free API key.';
  const answers: readonly [Scripted, Parameters<typeof isSourceError>[0]][] = [
    [{ body: { Note: 'Our standard API call frequency is 5 calls per minute.' } }, 'rate_limited'],
    [{ body: { Information: LIMIT } }, 'rate_limited'],
    [{ body: { Information: `This is a premium endpoint. Your key is ${KEY}.` } }, 'source_refused'],
    [{ body: { 'Error Message': noKey } }, 'source_refused'],
    [{ body: { 'Error Message': fault } }, 'unknown_instrument'],
    [{ status: 403, body: '<html>' }, 'source_refused'],
    [{ status: 500, body: 'down' }, 'source_unreachable'],
    [{ body: {} }, 'malformed_data'],
    [{ body: { asked: `apikey=${KEY}` } }, 'malformed_data'],
    [daily({ '2024-07-05': row('1') }, 'UTC'), 'malformed_data'],
    [daily({ '5 July': row('1') }), 'malformed_data'],
    [daily({ '2024-07-05': row('one') }), 'malformed_data'],
    [{ body: { 'Meta Data': { '5. Time Zone': 'US/Eastern' } } }, 'malformed_data'],
  ];
  for (const [answer, code] of answers) {
    await using server = await startScriptedServer(() => answer);
    await assert.rejects(open(server).fetchBars(request), (error) => {
      assert.ok(error instanceof SourceError);
      const bytes = error.answers.map((each) => Buffer.from(each.bytes ?? []).toString()).join();
      assert.doesNotMatch(inspect(error, { depth: null }) + bytes, new RegExp(KEY));
      assert.equal(error.answers.length, code === 'malformed_data' ? 1 : 0);
      return isSourceError(code)(error);
    });
  }
  const gone = await startScriptedServer(() => ({ body: {} }));
  await gone[Symbol.asyncDispose]();
  await assert.rejects(open(gone).fetchBars(request), (error) => {
    assert.doesNotMatch(inspect(error, { depth: null }), new RegExp(KEY));
    return isSourceError('source_unreachable')(error);
  });
});

test('a limit that it tells keeps everybody away, and is long enough for another source to take over', async () => {
  for (const [body, seconds] of [
    [{ Information: LIMIT }, 3_600],
    [{ Note: 'Our standard API call frequency is 5 calls per minute.' }, 60],
  ] as const) {
    const noted: (string | number | null)[] = [];
    const pacer: Pacer = {
      ...unpaced,
      note: async ({ venue, status, headers }) => {
        if (status === 429) noted.push(venue, headers.get('retry-after'));
      },
    };
    await using server = await startScriptedServer(() => ({ body }));
    await assert.rejects(open(server, { pacer }).fetchBars(request), (error) => {
      assert.equal(error instanceof SourceError && error.retryAfterMs, seconds * 1000);
      return isSourceError('rate_limited')(error);
    });
    assert.deepEqual(noted, ['alphavantage', String(seconds)]);
  }
});

test('what it does not have is refused before anything is asked', async () => {
  await using server = await startScriptedServer(() => ({ body: {} }));
  for (const timeframe of ['1h', '4h'] as const)
    await assert.rejects(
      open(server).fetchBars({ ...request, timeframe }),
      isSourceError('unknown_timeframe'),
    );
  await assert.rejects(
    open(server).fetchBars({ ...request, instrument: 'BTC/USD' }),
    isSourceError('unknown_instrument'),
  );
  assert.equal(server.requests.length, 0);
});
