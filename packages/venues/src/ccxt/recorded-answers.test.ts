import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { TIMEFRAME_MS, type Bar, type Timeframe } from '@aistock/market';
import { startAnswersServer } from '../../test/answers-server.ts';
import { ccxtSource } from './ccxt-source.ts';

/**
 * Answers that exchanges once gave, read by the real ccxt through our own path. Left out: messages of web sockets, which
 * no source reads; klines of leveraged tokens, of continuous contracts, and of mark and index prices, which are not bars
 * of a market's trades; files of Binance's archive, which have no header; BitMEX, which this version of ccxt no longer
 * has; Interactive Brokers, which ccxt never had.
 */
const DATA = process.env['MARKET_DATA_DIR'];
const skip = DATA === undefined && 'MARKET_DATA_DIR is not set';

interface Recorded {
  readonly name: string;
  readonly exchange: string;
  readonly instrument: string;
  readonly timeframe: Timeframe;
  readonly sinceMs: number;
  /** Where the exchange's clock stood. */
  readonly nowMs: number;
  /** Beginnings of paths with their queries, and the files, or texts that begin with a brace, that answer them. */
  readonly answers: Readonly<Record<string, string>>;
  /** How many bars there are, and some of them: open time, open, high, low, close, volume. */
  readonly count: number;
  readonly some: readonly (readonly [number, string, string, string, string, string])[];
}

const OKX_MARKETS = {
  '/api/v5/public/time': '{"code":"0","data":[{"ts":"1625097720000"}],"msg":""}',
  '/api/v5/public/instruments?instType=SPOT': 'okx/http_get_instruments_spot.json',
  '/api/v5/public/instruments?instType=FUTURES': 'okx/http_get_instruments_futures.json',
  '/api/v5/public/instruments?instType=SWAP': 'okx/http_get_instruments_swap.json',
  '/api/v5/public/instruments?instType=OPTION': 'okx/http_get_instruments_option.json',
};

const RECORDED: readonly Recorded[] = [
  {
    name: 'Binance: ten minutes of BTC/USDT',
    exchange: 'binance',
    instrument: 'BTC/USDT',
    timeframe: '1m',
    sinceMs: 1_634_943_780_000,
    nowMs: 1_634_944_380_000,
    answers: {
      '/api/v3/time': '{"serverTime":1634944380000}',
      '/api/v3/exchangeInfo': 'binance/py_http_responses/http_spot_market_exchange_info.json',
      '/api/v3/klines?interval=1m&limit=11&symbol=BTCUSDT&startTime=1634943720000':
        'binance/py_http_responses/http_spot_market_klines.json',
    },
    count: 10,
    some: [
      [1_634_943_780_000, '60685.22', '60729.84', '60670.9', '60719.27', '21.63272'],
      [1_634_944_320_000, '60739.85', '60739.85', '60739.85', '60739.85', '0.04734'],
    ],
  },
  {
    name: 'Binance: one bar of ETH/BTC with eight decimals',
    exchange: 'binance',
    instrument: 'ETH/BTC',
    timeframe: '1d',
    sinceMs: 1_499_040_000_000,
    nowMs: 1_499_126_400_000,
    answers: {
      '/api/v3/time': '{"serverTime":1499126400000}',
      '/api/v3/exchangeInfo': 'binance/spot/http_json/exchange_info_response.json',
      '/api/v3/klines?interval=1d&limit=10&symbol=ETHBTC': 'binance/spot/http_json/klines_response.json',
    },
    count: 1,
    some: [[1_499_040_000_000, '0.0163479', '0.8', '0.015758', '0.015771', '148976.11427815']],
  },
  {
    name: 'Binance futures: one bar of a perpetual contract',
    exchange: 'binanceusdm',
    instrument: 'BTC/USDT:USDT',
    timeframe: '1d',
    sinceMs: 1_499_040_000_000,
    nowMs: 1_499_126_400_000,
    answers: {
      '/fapi/v1/time': '{"serverTime":1499126400000}',
      '/fapi/v1/exchangeInfo': 'binance/py_http_responses/http_futures_market_exchange_info.json',
      '/fapi/v1/klines?interval=1d&limit=10&symbol=BTCUSDT':
        'binance/py_http_responses/http_futures_market_klines.json',
    },
    count: 1,
    some: [[1_499_040_000_000, '0.0163479', '0.8', '0.015758', '0.015771', '148976.11427815']],
  },
  {
    name: 'Kraken: 720 closed minutes and the open one, most of them without a trade',
    exchange: 'kraken',
    instrument: 'BTC/USDT',
    timeframe: '1m',
    sinceMs: 1_762_777_020_000,
    nowMs: 1_762_820_224_000,
    answers: {
      '/0/public/Time': 'kraken/http_server_time.json',
      '/0/public/Assets': '{"error":[],"result":{}}',
      '/0/public/AssetPairs': 'kraken/http_asset_pairs.json',
      '/0/public/OHLC?pair=XBTUSDT&interval=1&since=1762776900': 'kraken/http_ohlc.json',
    },
    count: 721,
    some: [
      [1_762_777_020_000, '106038.2', '106038.2', '106038.2', '106038.2', '0'],
      [1_762_777_140_000, '106038.3', '106038.3', '106038.3', '106038.3', '0.00032101'],
      [1_762_777_200_000, '106038.1', '106044.3', '106038.1', '106040.1', '0.08317981'],
      [1_762_798_620_000, '105717.2', '105717.2', '105717.2', '105717.2', '0'],
      [1_762_820_220_000, '105899.4', '105899.4', '105899.4', '105899.4', '0'],
    ],
  },
  {
    name: 'Kraken Futures: three hours of an inverse perpetual contract',
    exchange: 'krakenfutures',
    instrument: 'BTC/USD:BTC',
    timeframe: '1h',
    sinceMs: 1_731_715_200_000,
    nowMs: 1_731_726_000_000,
    answers: {
      '/derivatives/api/v3/instruments': 'kraken/http_futures_instruments.json',
      '/api/charts/v1/trade/PI_XBTUSD/1h': 'kraken/http_futures_candles_trade.json',
    },
    count: 3,
    some: [
      [1_731_715_200_000, '91069', '91373.5', '90956', '91045.5', '319499'],
      [1_731_722_400_000, '91415', '91490.5', '91415', '91490.5', '4995'],
    ],
  },
  {
    name: 'OKX: two minutes of BTC/USD, oldest first',
    exchange: 'okx',
    instrument: 'BTC/USD',
    timeframe: '1m',
    sinceMs: 1_625_097_600_000,
    nowMs: 1_625_097_720_000,
    answers: { ...OKX_MARKETS, '/api/v5/market/candles?instId=BTC-USD': 'okx/http_get_candlesticks.json' },
    count: 2,
    some: [
      [1_625_097_600_000, '33528.6', '33870', '33528.6', '33783.9', '778.838'],
      [1_625_097_660_000, '33783.9', '33783.9', '33782.1', '33782.1', '0.123'],
    ],
  },
  {
    name: 'OKX: two minutes of a perpetual contract, newest first, volume in the base currency',
    exchange: 'okx',
    instrument: 'BTC/USDT:USDT',
    timeframe: '1m',
    sinceMs: 1_747_093_980_000,
    nowMs: 1_747_094_100_000,
    answers: {
      ...OKX_MARKETS,
      '/api/v5/public/time': '{"code":"0","data":[{"ts":"1747094100000"}],"msg":""}',
      '/api/v5/market/candles?instId=BTC-USDT-SWAP': 'okx/http_get_candlesticks_full.json',
    },
    count: 2,
    some: [
      [1_747_093_980_000, '102806', '102820.5', '102783.1', '102806.1', '71.6404'],
      [1_747_094_040_000, '102806.1', '102820.4', '102806.1', '102820.4', '10.4037'],
    ],
  },
  {
    name: 'Bybit: a bar of a perpetual contract that does not open on the minute',
    exchange: 'bybit',
    instrument: 'BTC/USDT:USDT',
    timeframe: '1m',
    sinceMs: 1_709_891_640_000,
    nowMs: 1_709_891_740_000,
    answers: {
      '/v5/market/time': '{"retCode":0,"retMsg":"OK","result":{},"time":1709891740000}',
      '/v5/market/instruments-info?category=spot': '{"retCode":0,"result":{"list":[]}}',
      // The recorded lists lack the category, by which ccxt tells what they hold.
      '/v5/market/instruments-info?category=linear': `{"retCode":0,"result":{"category":"linear","nextPageCursor":"","list":[
        {"symbol":"BTCUSDT","contractType":"LinearPerpetual","status":"Trading","baseCoin":"BTC","quoteCoin":"USDT",
        "settleCoin":"USDT","priceFilter":{"tickSize":"0.10"},"lotSizeFilter":{"qtyStep":"0.001"}}]}}`,
      '/v5/market/instruments-info?category=inverse': '{"retCode":0,"result":{"list":[]}}',
      '/v5/market/instruments-info?category=option': '{"retCode":0,"result":{"list":[]}}',
      '/v5/market/kline?symbol=BTCUSDT&start=1709891580000&limit=10&interval=1&category=linear':
        'bybit/http_get_klines_linear.json',
    },
    count: 1,
    some: [[1_709_891_679_000, '27450', '27460', '27440', '27455', '123.45']],
  },
  {
    name: 'Coinbase: two hours of BTC/USD, newest first',
    exchange: 'coinbase',
    instrument: 'BTC/USD',
    timeframe: '1h',
    sinceMs: 1_712_188_800_000,
    nowMs: 1_712_196_000_000,
    answers: {
      '/v2/time': '{"data":{"epoch":1712196000}}',
      '/api/v3/brokerage/market/products/BTC-USD/candles': 'coinbase/http_candles.json',
      '/api/v3/brokerage/market/products': 'coinbase/http_products.json',
      '/api/v3/brokerage/transaction_summary': '{}',
    },
    count: 2,
    some: [
      [1_712_188_800_000, '65984.18', '66387.77', '65857.35', '66314.59', '358.74851052'],
      [1_712_192_400_000, '66312.4', '66331.99', '66055.14', '66181.6', '355.82896243'],
    ],
  },
];

for (const recorded of RECORDED) {
  test(recorded.name, { skip }, async () => {
    const { exchange, instrument, timeframe, sinceMs, nowMs, answers } = recorded;
    await using server = await startAnswersServer((url) => {
      const asked = url.pathname + url.search;
      const found = Object.entries(answers).find(([start]) => asked.startsWith(start))?.[1];
      if (found === undefined || found.startsWith('{')) return found;
      return readFile(join(DATA!, 'fixtures/exchange-responses', found), 'utf8');
    });
    const source = await ccxtSource({
      exchange,
      origin: server.origin,
      nowMs: () => nowMs,
      newRequestId: () => 'request',
      retryWorld: { chance: () => 0, nowMs: () => nowMs, sleep: () => Promise.resolve() },
    });
    const { bars } = await source.fetchBars({ instrument, timeframe, sinceMs, limit: recorded.count });
    assert.deepEqual(server.unanswered, []);
    assert.equal(bars.length, recorded.count);
    for (const bar of bars) assert.ok((bar.openMs - bars[0]!.openMs) % TIMEFRAME_MS[timeframe] === 0);
    for (const [openMs, open, high, low, close, volume] of recorded.some) {
      const expected: Bar = { openMs, open, high, low, close, volume };
      assert.deepEqual(
        bars.find((bar) => bar.openMs === openMs),
        expected,
      );
    }
  });
}
