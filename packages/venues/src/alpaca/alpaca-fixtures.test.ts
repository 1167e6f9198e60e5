import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Bar, Timeframe } from '@aistock/market';
import { startScriptedServer } from '../../test/scripted-server.ts';
import { isSourceError, webTermsOf } from '../../test/web-terms.ts';
import type { FetchedBars } from '../bar-source.ts';
import { alpacaSource } from './alpaca-source.ts';

const DIR = process.env['MARKET_DATA_DIR'];
const onMarketData = { skip: DIR === undefined && 'MARKET_DATA_DIR is not set' } as const;
const GO = 'alpaca-go-marketdata';
const STOCKS = 'alpaca-py/test_historical_stock_data';
const CRYPTO = 'alpaca-py/test_historical_crypto_data';

const textOf = ({ openMs, open, high, low, close, volume }: Bar): string =>
  [new Date(openMs).toISOString().slice(0, 16), open, high, low, close, volume].join(' ');

/** What the source makes of recorded pages, sent one after the other, and of an empty one where more are announced. */
async function replay(
  files: readonly string[],
  instrument: string,
  timeframe: Timeframe = '1d',
): Promise<FetchedBars> {
  const pages = files.map((file) => readFileSync(join(DIR ?? '', 'fixtures/alpaca', `${file}.json`), 'utf8'));
  await using server = await startScriptedServer(({ url }) =>
    url.pathname.startsWith('/v2/assets/')
      ? { body: { symbol: instrument } }
      : { body: pages.shift() ?? '{"bars":{},"next_page_token":null}' },
  );
  const source = alpacaSource({
    ...webTermsOf(server, 0),
    keyId: 'key',
    secret: 'secret',
    feed: instrument.includes('/') ? 'crypto_us' : 'iex',
    adjustment: 'raw',
  });
  return await source.fetchBars({ instrument, timeframe, sinceMs: 0, limit: 100 });
}

/** Read off the recordings by hand. */
const EXPECTED: readonly [files: readonly string[], instrument: string, bars: readonly string[]][] = [
  [
    [`${STOCKS}/test_get_bars__1`],
    'AAPL',
    [
      '2022-02-01T05:00 174 174.84 172.31 174.61 85998033',
      '2022-02-02T05:00 174.64 175.88 173.33 175.84 84817432',
    ],
  ],
  [
    [`${STOCKS}/test_multisymbol_get_bars__1`],
    'AAPL',
    ['2022-03-09T05:00 161.51 163.41 159.41 162.95 88496480'],
  ],
  [
    [`${STOCKS}/test_multisymbol_get_bars__1`],
    'TSLA',
    ['2022-03-09T05:00 839 860.56 832.01 858.97 19227323'],
  ],
  [[`${STOCKS}/test_get_bars_single_empty_response__1`], 'AAPL', []],
  [[`${STOCKS}/test_get_bars_multi_empty_response__1`], 'AAPL', []],
  [
    [`${CRYPTO}/test_get_crypto_bars__1`],
    'BTC/USD',
    ['2022-03-09T05:00 161.51 163.41 159.41 162.95 88496480'],
  ],
  [[`${CRYPTO}/test_get_crypto_bars__1`], 'ETH/USD', ['2022-03-09T05:00 839 860.56 832.01 858.97 19227323']],
  [
    [`${GO}/TestGetBars_Adjustment__1`],
    'GE',
    [
      '2024-04-01T04:00 138.48 138.82 136.48 138.29 5905509',
      '2024-04-02T04:00 138.96 142.9 132.49 134.94 20490401',
    ],
  ],
  [
    [`${GO}/TestGetBars_Asof__1`, `${GO}/TestGetBars_Asof__2`],
    'META',
    [
      '2022-06-08T04:00 194.67 202.03 194.41 196.64 22211813',
      '2022-06-09T04:00 194.28 199.45 183.68 184 23458984',
      '2022-06-10T04:00 183.04 183.1 175.02 175.57 27398594',
      '2022-06-13T04:00 170.59 172.575 164.03 164.26 31514255',
    ],
  ],
  [
    [`${GO}/TestGetBars__1`],
    'AMZN',
    [
      '2021-10-15T16:00 3378.14 3380.815 3376.3001 3379.72 211689',
      '2021-10-15T16:15 3379.5241 3383.24 3376.49 3377.82 115850',
      '2021-10-15T16:30 3377.982 3380.86 3377 3380 58531',
      '2021-10-15T16:45 3379.73 3387.17 3378.7701 3386.7615 83180',
      '2021-10-15T17:00 3387.56 3390.74 3382.87 3382.87 134339',
    ],
  ],
  [
    [`${GO}/TestGetMultiBars__1`],
    'NIO',
    [
      '2021-10-13T04:00 35.75 36.68 35.47 36.24 33394068',
      '2021-10-14T04:00 36.09 36.45 35.605 36.28 29890265',
      '2021-10-15T04:00 37 38.29 36.935 37.71 48138793',
    ],
  ],
  [
    [`${GO}/TestGetCryptoMultiBars__1`],
    'LTC/USD',
    [
      '2021-11-20T20:00 225.78 227.09 225.07 225.79 22495.52449682',
      '2021-11-20T20:00 226.07 226.67 225.75 225.75 228.2211',
      '2021-11-20T20:00 225.805 226.975 225.135 225.865 1792',
    ],
  ],
];

test('recorded pages of bars, through the SDK', onMarketData, async () => {
  for (const [files, instrument, expected] of EXPECTED)
    assert.deepEqual(
      (await replay(files, instrument)).bars.map(textOf),
      expected,
      `${files[0]} ${instrument}`,
    );
  const bitcoinCash = await replay([`${GO}/TestGetCryptoBars__1`], 'BCH/USD', '1m');
  assert.equal(bitcoinCash.bars.length, 11);
  assert.equal(textOf(bitcoinCash.bars[0]!), '2021-11-11T11:11 679.75 679.76 679.26 679.26 3.67960285');
  assert.equal(textOf(bitcoinCash.bars[10]!), '2021-11-11T11:21 679.48 679.81 679.39 679.71 3.53102371');
});

test('bars that come newest first are given in order', onMarketData, async () => {
  const { bars } = await replay([`${STOCKS}/test_get_bars_desc__1`], 'TSLA');
  assert.deepEqual(bars.map(textOf), [
    '2023-09-25T04:00 243.38 247.1 238.31 246.99 104668716',
    '2023-09-26T04:00 242.98 249.55 241.6601 244.12 102033779',
    '2023-09-27T04:00 244.262 245.33 234.58 240.5 136616287',
  ]);
});

test('latest bars, which are of another question, are refused', onMarketData, async () => {
  const files = [
    'TestDefaultDo',
    'TestDefaultDo_Retry',
    'TestDefaultDo_Timeout',
    'TestLatestBars',
    'TestLatestBar',
    'TestLatestCryptoBar',
    'TestLatestCryptoBars',
    'TestLatestCryptoPerpBar',
  ].map((name) => `${GO}/${name}__1`);
  const others = ['test_stock_latest_bar__1', 'test_multi_stock_latest_bar__1'].map(
    (name) => `${STOCKS}/${name}`,
  );
  for (const file of [...files, ...others, `${CRYPTO}/test_crypto_latest_bar__1`])
    await assert.rejects(replay([file], 'SPY'), isSourceError('malformed_data'), file);
});
