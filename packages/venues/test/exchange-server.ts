import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

const BINANCE_PAGE_MAX = 1000;
const KRAKEN_PAGE_MAX = 720;
const STEP_MS = 60_000;

/** One-minute bars of one market, in the REST dialects of Binance and Kraken; just what reading bars needs. */
export interface ExchangeServer extends AsyncDisposable {
  readonly origin: string;
  /** Every request so far, path and query. */
  readonly requests: string[];
  /** Answers that come before the real ones, one for each request; 0 drops the connection, -1 never answers. */
  readonly planned: PlannedAnswer[];
}

export interface PlannedAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: OutgoingHttpHeaders | string[];
}

export interface ExchangeWorld {
  readonly nowMs: number;
  /** Open times of the bars that there are; the last may be open. */
  readonly opens: readonly number[];
}

export async function startExchangeServer(world: ExchangeWorld): Promise<ExchangeServer> {
  const requests: string[] = [];
  const planned: PlannedAnswer[] = [];
  const server: Server = createServer((request: IncomingMessage, response: ServerResponse) => {
    requests.push(request.url ?? '');
    const next = planned.shift();
    if (next?.status === 0) request.socket.destroy();
    else if (next && next.status > 0) sendPlanned(response, next);
    else if (next) return;
    else answer(new URL(request.url ?? '', 'http://localhost'), world, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    planned,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A body shorter than its content-length is cut off. */
function sendPlanned(response: ServerResponse, { status, body, headers = {} }: PlannedAnswer): void {
  response.writeHead(status, headers);
  response.write(body, () => {
    if (response.getHeader('content-length') === undefined) response.end();
    else response.destroy();
  });
}

function answer(url: URL, world: ExchangeWorld, response: ServerResponse): void {
  const query = url.searchParams;
  const routes: Record<string, () => unknown> = {
    '/api/v3/exchangeInfo': () => BINANCE_INFO,
    '/api/v3/time': () => ({ serverTime: world.nowMs }),
    '/api/v3/klines': () => binanceKlines(query, world),
    '/0/public/Time': () => kraken({ unixtime: world.nowMs / 1000 }),
    '/0/public/Assets': () => kraken(KRAKEN_ASSETS),
    '/0/public/AssetPairs': () => kraken(KRAKEN_PAIRS),
    '/0/public/OHLC': () => krakenBars(query, world),
  };
  const route = routes[url.pathname];
  response.writeHead(route ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(route ? route() : { error: 'no such path' }));
}

/** The bar that opens then, as text: enough digits that float64 would lose some. */
export function barTexts(openMs: number): [string, string, string, string, string] {
  const price = 20_000 + ((openMs / STEP_MS) % 1000);
  return [
    `${price}.10`,
    `${price + 2}.00`,
    `${price - 1}.50`,
    `${price + 1}.01`,
    '12345678901234567.12345678',
  ];
}

function binanceKlines(query: URLSearchParams, { opens }: ExchangeWorld): unknown {
  const limit = Math.min(Number(query.get('limit') ?? 500), BINANCE_PAGE_MAX);
  return opens
    .filter((openMs) => openMs >= Number(query.get('startTime') ?? 0))
    .slice(0, limit)
    .map((openMs) => [openMs, ...barTexts(openMs), openMs + STEP_MS - 1, '0', 7, '0', '0', '0']);
}

const BINANCE_INFO = {
  timezone: 'UTC',
  rateLimits: [],
  exchangeFilters: [],
  symbols: [
    {
      symbol: 'BTCUSDT',
      status: 'TRADING',
      baseAsset: 'BTC',
      baseAssetPrecision: 8,
      quoteAsset: 'USDT',
      quotePrecision: 8,
      quoteAssetPrecision: 8,
      orderTypes: ['LIMIT', 'MARKET'],
      isSpotTradingAllowed: true,
      isMarginTradingAllowed: false,
      filters: [
        { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000.00', tickSize: '0.01' },
        { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: '9000.00', stepSize: '0.00001' },
      ],
      permissions: ['SPOT'],
      permissionSets: [['SPOT']],
    },
  ],
};

const kraken = (result: unknown): unknown => ({ error: [], result });

function krakenBars(query: URLSearchParams, { opens }: ExchangeWorld): unknown {
  const since = Number(query.get('since') ?? 0);
  const bars = opens
    .slice(-KRAKEN_PAGE_MAX)
    .filter((openMs) => openMs / 1000 > since)
    .map((openMs) => {
      const [open, high, low, close, volume] = barTexts(openMs);
      return [openMs / 1000, open, high, low, close, '0.0', volume, 7];
    });
  return kraken({ XXBTZUSD: bars, last: 0 });
}

const KRAKEN_ASSETS = {
  XXBT: { aclass: 'currency', altname: 'XBT', decimals: 10, display_decimals: 5, status: 'enabled' },
  ZUSD: { aclass: 'currency', altname: 'USD', decimals: 4, display_decimals: 2, status: 'enabled' },
};
const KRAKEN_PAIRS = {
  XXBTZUSD: {
    altname: 'XBTUSD',
    wsname: 'XBT/USD',
    aclass_base: 'currency',
    base: 'XXBT',
    aclass_quote: 'currency',
    quote: 'ZUSD',
    pair_decimals: 1,
    lot_decimals: 8,
    cost_decimals: 5,
    lot_multiplier: 1,
    leverage_buy: [],
    leverage_sell: [],
    fees: [[0, 0.4]],
    fees_maker: [[0, 0.25]],
    fee_volume_currency: 'ZUSD',
    margin_call: 80,
    margin_stop: 40,
    ordermin: '0.00005',
    costmin: '0.5',
    tick_size: '0.1',
    status: 'online',
  },
};
