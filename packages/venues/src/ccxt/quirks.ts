/** What one exchange does otherwise than ccxt's description of it lets one expect. */
export interface Quirks {
  /** What its ccxt class is opened with. */
  readonly config: Readonly<Record<string, unknown>>;
  /** It sends no bar for a time without trades. */
  readonly tradesOnly: boolean;
  /** It keeps so many bars of a timeframe, the open one among them, and gives none that are older. */
  readonly keptBars: number | undefined;
  /** So many bars before the asked time may come with an answer. */
  readonly earlierBars: number;
  /** What a request costs, in the unit of the exchange's limit. */
  readonly weightOf: (url: URL) => number;
}

const ORDINARY: Quirks = {
  config: { options: { defaultType: 'spot' } },
  tradesOnly: false,
  keptBars: undefined,
  earlierBars: 0,
  weightOf: () => 1,
};

/**
 * ccxt asks Binance for the markets of spot and of two kinds of futures, and with a key for its currencies and margin
 * pairs besides: only those of the class's own kind are wanted, from one request.
 */
function binanceConfig(defaultType: string, type: string): Quirks['config'] {
  return {
    options: { defaultType, fetchMarkets: { types: [type] }, fetchCurrencies: false, fetchMargins: false },
  };
}

/** Weights of GET /api/v3/…, as Binance's description of the endpoints gives them. */
const BINANCE_WEIGHTS: Readonly<Record<string, number>> = { klines: 2, exchangeInfo: 20, time: 1 };

const BINANCE: Quirks = {
  ...ORDINARY,
  config: binanceConfig('spot', 'spot'),
  weightOf: (url) => BINANCE_WEIGHTS[url.pathname.split('/').at(-1) ?? ''] ?? 1,
};

/** Weights of GET /fapi/v1/klines and /dapi/v1/klines by the number of bars asked for. */
function futuresWeight(url: URL): number {
  if (!url.pathname.endsWith('/klines')) return 1;
  const limit = Number(url.searchParams.get('limit') ?? 500);
  if (limit < 100) return 1;
  if (limit < 500) return 2;
  return limit <= 1000 ? 5 : 10;
}

/**
 * Coinbase's description of its candles: "No data is published for intervals where there are no ticks." Its currencies
 * are two requests that its markets do without.
 */
const COINBASE: Quirks = {
  ...ORDINARY,
  tradesOnly: true,
  config: { ...ORDINARY.config, has: { fetchCurrencies: false } },
};

const QUIRKS: Readonly<Record<string, Quirks>> = {
  binance: BINANCE,
  binanceus: BINANCE,
  binanceusdm: { ...ORDINARY, config: binanceConfig('swap', 'linear'), weightOf: futuresWeight },
  binancecoinm: { ...ORDINARY, config: binanceConfig('delivery', 'inverse'), weightOf: futuresWeight },
  // Bitfinex makes no candle of a time without trades: bitfinexcom/bitfinex-api-py issue 198.
  bitfinex: { ...ORDINARY, tradesOnly: true },
  coinbase: COINBASE,
  coinbaseexchange: COINBASE,
  // Only the newest 5000 candles of each timeframe are there, says Hyperliquid of its candleSnapshot.
  hyperliquid: { ...ORDINARY, keptBars: 5000 },
  // "Returns up to 720 of the most recent entries (older data cannot be retrieved, regardless of the value of since)",
  // says Kraken of its OHLC. ccxt asks it from one bar earlier on, because Kraken's `since` is itself left out.
  kraken: { ...ORDINARY, keptBars: 720, earlierBars: 1 },
};

/** By ccxt's name of the exchange. */
export function quirksOf(exchange: string): Quirks {
  return Object.hasOwn(QUIRKS, exchange) ? QUIRKS[exchange]! : ORDINARY;
}
