import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { Bar, Calendar, Timeframe } from '@aistock/market';
import { startScriptedServer } from '../../test/scripted-server.ts';
import { isSourceError, webTermsOf } from '../../test/web-terms.ts';
import type { FetchedBars } from '../bar-source.ts';
import { yahooSource } from './yahoo-source.ts';

const DIR = process.env['MARKET_DATA_DIR'];
const onMarketData = { skip: DIR === undefined && 'MARKET_DATA_DIR is not set' } as const;
const folder = join(DIR ?? '', 'fixtures/yahoo');

interface Recording {
  readonly request: { readonly url: string };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly bodyJson: unknown;
  };
}

function read(file: string): Recording {
  const bytes = readFileSync(join(folder, file));
  return JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as Recording;
}

/** The bars that the source gives when Yahoo answers as it was recorded, at the time when it was recorded. */
async function replay(file: string, calendar: Calendar): Promise<FetchedBars> {
  const { request, response } = read(file);
  const asked = new URL(request.url);
  const symbol = decodeURIComponent(asked.pathname.split('/').at(-1)!);
  const { date = '' } = response.headers;
  await using server = await startScriptedServer(({ url }) =>
    url.pathname.endsWith('/SPY')
      ? { body: CLOCK_ANSWER, headers: { date } }
      : { status: response.status, body: response.bodyJson, headers: { date } },
  );
  const source = yahooSource({
    ...webTermsOf(server, Date.parse(date)),
    calendarOf: () => calendar,
    symbols: { IT: symbol },
  });
  const fetched = await source.fetchBars({
    instrument: 'IT',
    timeframe: asked.searchParams.get('interval') as Timeframe,
    sinceMs: Number(asked.searchParams.get('period1')) * 1000,
    limit: 5000,
  });
  const last = server.requests.at(-1)!.url;
  assert.equal(last.pathname, `/v8/finance/chart/${encodeURIComponent(symbol)}`);
  return fetched;
}

const CLOCK_ANSWER = {
  chart: {
    result: [
      {
        meta: { symbol: 'SPY', exchangeTimezoneName: 'America/New_York', dataGranularity: '1d' },
        indicators: { quote: [{}] },
      },
    ],
    error: null,
  },
};

const textOf = ({ openMs, open, high, low, close, volume }: Bar): string =>
  [new Date(openMs).toISOString().slice(0, 16), open, high, low, close, volume].join(' ');

const NEW_YEAR = '2020-01-02T00:00';
const NEW_YEAR_XNYS = '2020-01-02T05:00';

/** By symbol, read off the recordings by hand: the price that a person would see behind each widened float32. */
const EXPECTED: Readonly<Record<string, { calendar: Calendar; bars: readonly string[] }>> = {
  '0P000071W8.TO': { calendar: 'always', bars: [`${NEW_YEAR} 73.72 73.72 73.72 73.72 0`] },
  AAPL: { calendar: 'xnys', bars: [`${NEW_YEAR_XNYS} 74.06 75.15 73.7975 75.0875 135480400`] },
  ABBV: { calendar: 'xnys', bars: [`${NEW_YEAR_XNYS} 89.08 89.57 88.51 89.55 5639200`] },
  AFRAF: { calendar: 'xnys', bars: [`${NEW_YEAR_XNYS} 11.27 11.27 11.27 11.27 0`] },
  AMZN: { calendar: 'xnys', bars: [`${NEW_YEAR_XNYS} 93.75 94.9005 93.2075 94.9005 80580000`] },
  'AZT.OL': { calendar: 'always', bars: [`${NEW_YEAR} 4.94 5.36 4.88 4.99 151382`] },
  BABA: { calendar: 'xnys', bars: [`${NEW_YEAR_XNYS} 216.6 219.98 216.54 219.77 15873500`] },
  'BTC-USD': {
    calendar: 'always',
    bars: [
      '2020-01-01T00:00 7194.892 7254.3306 7174.9443 7200.1743 18565664997',
      '2020-01-02T00:00 7202.5513 7212.1553 6935.27 6985.47 20802083465',
      '2020-01-03T00:00 6984.4287 7413.7153 6914.996 7344.8843 28111481032',
    ],
  },
  CRON: { calendar: 'xnys', bars: [`${NEW_YEAR_XNYS} 7.92 7.96 7.23 7.36 12655000`] },
  EPAC: { calendar: 'xnys', bars: [`${NEW_YEAR_XNYS} 26.19 26.34 25.75 26.16 407900`] },
  'EURUSD=X': {
    calendar: 'fx',
    bars: [
      '2020-01-01T00:00 1.1220826 1.1228385 1.1159469 1.1220826 0',
      '2020-01-02T00:00 1.1218938 1.1227125 1.116682 1.1220826 0',
      '2020-01-03T00:00 1.1170813 1.118068 1.1125698 1.1171438 0',
    ],
  },
  'GC=F': { calendar: 'always', bars: [`${NEW_YEAR} 1518.1 1528.7 1518 1524.5 214`] },
  GOOG: { calendar: 'xnys', bars: [`${NEW_YEAR_XNYS} 67.0775 68.407 67.0775 68.3685 28132000`] },
  'OCDO.L': { calendar: 'always', bars: [`${NEW_YEAR} 1279.5 1286.57 1258 1259.5 728520`] },
  'ORSTED.CO': { calendar: 'always', bars: [`${NEW_YEAR} 685.8 688.4 677.2 681 340491`] },
  QQQ: { calendar: 'xnys', bars: [`${NEW_YEAR_XNYS} 214.4 216.16 213.98 216.16 30969400`] },
  SPOT: { calendar: 'xnys', bars: [`${NEW_YEAR_XNYS} 151 152.8 149.61 151.62 662600`] },
  'WSKT.JK': { calendar: 'always', bars: [`${NEW_YEAR} 1485 1515 1480 1505 23547100`] },
};

const OTHERS = new Set([
  'chart-AAPL.json',
  'chart-AAPL-2020-08-31-to-2020-11-07.json',
  'chart-AAPL-2025-02-01-to-2025-02-02-includePrePost-false-interval-1m.json',
  'chart-TSLA-2025-01-01-to-2025-01-02-interval-1h.fake.json',
  'chart-WSU.DE-2023-08-04-to-2023-08-09.json',
  'chart-notimestamp-quotes-length.fake.json',
  'chart-notimestamp-weird-quote.fake.json',
  'historical-via-chart-0P0000XTS7-2024-09-12-to-2024-09-16.json',
  'historical-via-chart-MSFT-dividends-2021-02-01-to-2022-01-31.csv.json',
  'historical-via-chart-NVDA-split-2021-02-01-to-2022-01-31.csv.json',
  'historical-via-chart-dividends-TSLA-no-dividends.json.gz',
]);

test('the first days of 2020, of every market that was recorded', onMarketData, async () => {
  const files = readdirSync(folder).filter((file) => !OTHERS.has(file));
  assert.equal(files.length, 36);
  for (const file of files) {
    const symbol = /chart-(.*)-2020-01-01-to-2020-01-03\.json$/.exec(file)?.[1] ?? '';
    const expected = EXPECTED[symbol];
    assert.ok(expected, file);
    const { bars, actions, unserved, source } = await replay(file, expected.calendar);
    assert.deepEqual(bars.map(textOf), expected.bars, file);
    assert.deepEqual([actions, unserved, source], [[], [], 'yahoo'], file);
  }
});

test('days in summer time, and of a fund that has one price a day', onMarketData, async () => {
  const berlin = await replay('chart-WSU.DE-2023-08-04-to-2023-08-09.json', 'always');
  assert.deepEqual(berlin.bars.map(textOf), [
    '2023-08-04T00:00 34.25 34.55 34.1 34.45 1251',
    '2023-08-07T00:00 34.8 34.8 34 34 336',
    '2023-08-08T00:00 34.05 34.2 32.9 33.2 10846',
  ]);
  const fund = await replay('historical-via-chart-0P0000XTS7-2024-09-12-to-2024-09-16.json', 'xnys');
  assert.deepEqual(fund.bars.map(textOf), [
    '2024-09-12T04:00 11887.1 11887.1 11887.1 11887.1 0',
    '2024-09-13T04:00 11892.19 11892.19 11892.19 11892.19 0',
  ]);
  const apple = await replay('chart-AAPL.json', 'xnys');
  assert.deepEqual(apple.bars.map(textOf), ['2022-02-22T05:00 164.98 166.69 162.15 164.32 91162800']);
});

test('splits and dividends come beside the bars, by the day from which they hold', onMarketData, async () => {
  const apple = await replay('chart-AAPL-2020-08-31-to-2020-11-07.json', 'xnys');
  assert.equal(apple.bars.length, 49);
  assert.equal(textOf(apple.bars[0]!), '2020-08-31T04:00 127.58 131 126 129.04 225702700');
  const days = apple.bars.map((bar) => textOf(bar).slice(5, 16));
  assert.deepEqual([days[43], days[44], days.at(-1)], ['10-30T04:00', '11-02T05:00', '11-06T05:00']);
  assert.deepEqual(apple.actions, [
    { kind: 'split', exOpenMs: Date.parse('2020-08-31T04:00Z'), newShares: '4', oldShares: '1' },
    { kind: 'dividend', exOpenMs: Date.parse('2020-11-06T05:00Z'), amount: '0.205' },
  ]);
  const nvidia = await replay('historical-via-chart-NVDA-split-2021-02-01-to-2022-01-31.csv.json', 'xnys');
  assert.deepEqual(
    [nvidia.bars.length, nvidia.actions],
    [252, [{ kind: 'split', exOpenMs: Date.parse('2021-07-20T04:00Z'), newShares: '4', oldShares: '1' }]],
  );
  const microsoft = await replay(
    'historical-via-chart-MSFT-dividends-2021-02-01-to-2022-01-31.csv.json',
    'xnys',
  );
  assert.deepEqual(
    [microsoft.bars.length, microsoft.actions?.map((action) => action.kind === 'dividend' && action.amount)],
    [252, ['0.56', '0.56', '0.56', '0.62']],
  );
  const tesla = await replay('historical-via-chart-dividends-TSLA-no-dividends.json.gz', 'xnys');
  assert.deepEqual([tesla.bars.length, tesla.actions], [3303, []]);
  assert.equal(textOf(tesla.bars[0]!).slice(0, 16), '2010-06-29T04:00');
});

test('a closed market gives no bars; values without times are refused', onMarketData, async () => {
  for (const file of [
    'chart-AAPL-2025-02-01-to-2025-02-02-includePrePost-false-interval-1m.json',
    'chart-TSLA-2025-01-01-to-2025-01-02-interval-1h.fake.json',
  ])
    assert.deepEqual((await replay(file, 'always')).bars, [], file);
  for (const file of ['chart-notimestamp-weird-quote.fake.json', 'chart-notimestamp-quotes-length.fake.json'])
    await assert.rejects(replay(file, 'xnys'), isSourceError('malformed_data', /0 times and 1 values/), file);
});
