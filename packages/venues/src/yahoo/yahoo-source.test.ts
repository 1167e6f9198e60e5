import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Calendar } from '@aistock/market';
import { startScriptedServer, type Scripted, type ScriptedServer } from '../../test/scripted-server.ts';
import { isSourceError, webTermsOf } from '../../test/web-terms.ts';
import type { BarRequest, BarSource } from '../bar-source.ts';
import { yahooSource, type YahooTerms } from './yahoo-source.ts';

const NOW_MS = Date.parse('2024-07-02T18:00:30Z');
const DATE = new Date(NOW_MS).toUTCString();
const seconds = (text: string): number => Date.parse(text) / 1000;
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16);

interface Row {
  readonly at: string;
  readonly values: readonly (number | null)[] | null;
}

function chart(symbol: string, interval: string, rows: readonly Row[], meta: object = {}): Scripted {
  const column = (index: number) => rows.map(({ values }) => values?.[index] ?? null);
  const quote = {
    open: column(0),
    high: column(1),
    low: column(2),
    close: column(3),
    volume: column(4),
  };
  const result = {
    meta: { symbol, exchangeTimezoneName: 'America/New_York', dataGranularity: interval, ...meta },
    ...(rows.length > 0 && { timestamp: rows.map(({ at }) => seconds(at)) }),
    indicators: { quote: rows.length > 0 ? [quote] : [{}], adjclose: [{ adjclose: rows.map(() => 1) }] },
  };
  return { body: { chart: { result: [result], error: null } }, headers: { date: DATE } };
}

const refusal = (status: number, code: string, description: string): Scripted => ({
  status,
  body: { chart: { result: null, error: { code, description } } },
  headers: { date: DATE },
});

async function serve(answer: (interval: string, url: URL) => Scripted): Promise<ScriptedServer> {
  return startScriptedServer(({ url }) =>
    url.searchParams.has('range')
      ? chart('SPY', '1d', [])
      : answer(url.searchParams.get('interval') ?? '', url),
  );
}

function open(server: ScriptedServer, calendar: Calendar = 'xnys'): BarSource {
  return yahooSource({ ...webTermsOf(server, NOW_MS), calendarOf: () => calendar });
}

const minutes: BarRequest = {
  instrument: 'AAPL',
  timeframe: '1m',
  sinceMs: Date.parse('2024-07-02T17:55:00Z'),
  limit: 100,
};
const FLAT = [10, 10, 10, 10, 5];

test('a time without values is no bar, a bar without one of them is faulty, the last trade is none', async () => {
  await using server = await serve((interval) =>
    chart(
      'AAPL',
      interval,
      [
        { at: '2024-07-02T17:55:00Z', values: FLAT },
        { at: '2024-07-02T17:56:00Z', values: null },
        { at: '2024-07-02T17:57:00Z', values: [10, 11, 9, null, 5] },
        { at: '2024-07-02T17:58:00Z', values: FLAT },
        { at: '2024-07-02T18:00:12Z', values: [10, 10, 10, 10, 0] },
      ],
      { regularMarketTime: seconds('2024-07-02T18:00:12Z') },
    ),
  );
  const { bars, more, provenance } = await open(server).fetchBars(minutes);
  assert.deepEqual(
    bars.map(({ openMs, close, volume }) => [iso(openMs).slice(11), close, volume]),
    [
      ['17:55', '10', '5'],
      ['17:57', 'NaN', '5'],
      ['17:58', '10', '5'],
    ],
  );
  assert.equal(more, false);
  assert.deepEqual(
    provenance.map(({ origin }) => new URL(origin).pathname),
    ['/v8/finance/chart/SPY', '/v8/finance/chart/AAPL'],
  );
});

test("today's row is left out while it has the time of the last trade", async () => {
  await using server = await serve((interval) =>
    chart(
      'AAPL',
      interval,
      [
        { at: '2024-07-01T13:30:00Z', values: FLAT },
        { at: '2024-07-02T17:59:58Z', values: FLAT },
      ],
      { regularMarketTime: seconds('2024-07-02T17:59:58Z') },
    ),
  );
  const days = { ...minutes, timeframe: '1d', sinceMs: Date.parse('2024-07-01T04:00Z') } as const;
  const { bars } = await open(server).fetchBars(days);
  assert.deepEqual(
    bars.map(({ openMs }) => iso(openMs)),
    ['2024-07-01T04:00'],
  );
});

test('the price of a close is no bar of the time after it, also on a short day', async () => {
  const rows = [
    '2024-11-27T20:59',
    '2024-11-27T21:00',
    '2024-11-29T17:59',
    '2024-11-29T18:00',
    '2024-12-02T14:30',
  ];
  const nowMs = Date.parse('2024-12-02T18:00:00Z');
  const headers = { date: new Date(nowMs).toUTCString() };
  await using server = await startScriptedServer(({ url }) => {
    if (url.searchParams.has('range')) return { ...chart('SPY', '1d', []), headers };
    const flat = rows.map((at) => ({ at: `${at}:00Z`, values: [10, 10, 10, 10, 0] }));
    return { ...chart('AAPL', '1m', flat), headers };
  });
  const terms: YahooTerms = { ...webTermsOf(server, nowMs), calendarOf: () => 'xnys' };
  const { bars } = await yahooSource(terms).fetchBars({ ...minutes, sinceMs: nowMs - 6 * 86_400_000 });
  assert.deepEqual(
    bars.map(({ openMs }) => iso(openMs)),
    ['2024-11-27T20:59', '2024-11-29T17:59', '2024-12-02T14:30'],
  );
});

test('a volume keeps all of its digits, though a float32 would have fewer', async () => {
  const at = '2024-07-01T13:30:00Z';
  await using server = await serve((interval) =>
    chart('AAPL', interval, [{ at, values: [75.0875015258789, 76, 75, 75.5, 4_294_967_296] }]),
  );
  const { bars } = await open(server).fetchBars({ ...minutes, sinceMs: Date.parse(at) });
  assert.deepEqual([bars[0]?.open, bars[0]?.volume], ['75.0875', '4294967296']);
});

test('it asks window after window until there are bars, and says what is not kept', async () => {
  const listedMs = Date.parse('2024-06-28T13:30:00Z');
  await using server = await serve((interval, url) =>
    Number(url.searchParams.get('period2')) * 1000 > listedMs
      ? chart('AAPL', interval, [
          { at: '2024-06-28T13:30:00Z', values: FLAT },
          { at: '2024-06-28T13:31:00Z', values: FLAT },
          { at: '2024-06-28T13:32:00Z', values: FLAT },
        ])
      : refusal(400, 'Bad Request', "Data doesn't exist for startDate = 1, endDate = 2"),
  );
  const sinceMs = Date.parse('2024-01-01T00:00:00Z');
  const { bars, more, unserved } = await open(server).fetchBars({ ...minutes, sinceMs, limit: 2 });
  assert.deepEqual([bars.length, more], [2, true]);
  const oldestMs = NOW_MS - 30_000 - 29 * 86_400_000;
  assert.deepEqual(
    unserved?.map(({ fromMs, toMs }) => [fromMs, iso(toMs)]),
    [[sinceMs, iso(oldestMs)]],
  );
  const windows = server.requests.slice(1).map(({ url }) => ({
    fromS: Number(url.searchParams.get('period1')),
    toS: Number(url.searchParams.get('period2')),
  }));
  assert.equal(windows.length, 4);
  for (const [index, { fromS, toS }] of windows.entries()) {
    assert.ok(toS - fromS <= 7 * 86_400 + 1);
    if (index > 0) assert.ok(fromS <= windows[index - 1]!.toS, 'no second is passed over');
  }
});

test('an instrument is a name and never a part of the path', async () => {
  await using server = await serve((_, url) =>
    refusal(404, 'Not Found', `No data found for ${url.pathname}`),
  );
  const pair = { ...minutes, instrument: 'BTC/USD' };
  const fx = { ...minutes, instrument: 'EUR/USD' };
  const odd = { ...minutes, instrument: '../v7/quote?x=1#' };
  for (const [request, calendar] of [
    [pair, 'always'],
    [fx, 'fx'],
    [odd, 'always'],
  ] as const)
    await assert.rejects(open(server, calendar).fetchBars(request), isSourceError('unknown_instrument'));
  assert.deepEqual(
    server.requests.filter(({ url }) => !url.pathname.endsWith('SPY')).map(({ url }) => url.pathname),
    ['BTC-USD', 'EURUSD%3DX', '..-v7%2Fquote%3Fx%3D1%23'].map((name) => `/v8/finance/chart/${name}`),
  );
});

test('timeframes that it does not have are refused before anything is asked', async () => {
  await using server = await serve(() => refusal(500, 'x', 'x'));
  await assert.rejects(
    open(server).fetchBars({ ...minutes, timeframe: '4h' }),
    isSourceError('unknown_timeframe'),
  );
  await assert.rejects(
    open(server).fetchBars({ ...minutes, timeframe: '1h' }),
    isSourceError('unknown_timeframe', /30m/),
  );
  assert.deepEqual(server.requests, []);
});

test('refusals are told apart', async () => {
  const answers: Record<string, Scripted> = {
    range: refusal(422, 'Unprocessable Entity', '1m data not available for startTime=1'),
    crumb: { status: 401, body: { finance: { result: null, error: { code: 'Unauthorized' } } } },
    html: { status: 403, body: '<html>' },
    limit: { status: 429, body: 'Too Many Requests' },
    down: { status: 503, body: 'down' },
    text: { status: 200, body: '<html>' },
    other: chart('MSFT', '1m', []),
    coarse: chart('AAPL', '5m', []),
    empty: { body: { chart: { result: [], error: null } } },
    zone: chart('AAPL', '1d', [{ at: '2024-07-01T13:30:00Z', values: FLAT }], {
      exchangeTimezoneName: 'No/Where',
    }),
    huge: chart('AAPL', '1m', [{ at: '2024-07-01T13:30:00Z', values: [1e30, 1, 1, 1, 1] }]),
  };
  const failsWith = async (name: string, code: Parameters<typeof isSourceError>[0]): Promise<void> => {
    await using server = await serve(() => answers[name]!);
    const request = name === 'zone' ? ({ ...minutes, timeframe: '1d', sinceMs: 0 } as const) : minutes;
    await assert.rejects(open(server).fetchBars(request), isSourceError(code), name);
  };
  for (const name of ['range', 'crumb', 'html']) await failsWith(name, 'source_refused');
  await failsWith('limit', 'rate_limited');
  await failsWith('down', 'source_unreachable');
  for (const name of ['text', 'other', 'coarse', 'empty', 'zone', 'huge'])
    await failsWith(name, 'malformed_data');
});

test('its clock is that of its answers', async () => {
  await using server = await serve(() => refusal(500, 'x', 'x'));
  const source = yahooSource({ ...webTermsOf(server, NOW_MS + 5_000_000), calendarOf: () => 'xnys' });
  assert.equal(await source.clockMs(), NOW_MS - 30_000 + 30_000);
  await source.clockMs();
  assert.equal(server.requests.length, 1);
});

test('where our clock is set on meanwhile, bars are judged by the answer', async () => {
  await using server = await serve((interval) => chart('AAPL', interval, []));
  let nowMs = NOW_MS - 3_600_000;
  const terms: YahooTerms = { ...webTermsOf(server, 0), nowMs: () => nowMs, calendarOf: () => 'xnys' };
  const source = yahooSource(terms);
  await source.clockMs();
  nowMs = NOW_MS;
  assert.equal((await source.fetchBars(minutes)).clockMs, NOW_MS);
});
