import type { SimMarket } from '../../markets/sim-market.ts';
import { json, type VenueAnswer, type VenueRequest, type VenueView } from '../dialect.ts';

/** `BTC/USDT` is `BTCUSDT`. */
export function binanceSymbol({ instrument }: Pick<SimMarket, 'instrument'>): string {
  return instrument.replace('/', '').replace(/:.*/, '');
}

export function exchangeInfo(_request: VenueRequest, { markets, toldMs }: VenueView): VenueAnswer {
  const bySymbol = new Map(markets.map((market) => [binanceSymbol(market), market]));
  return json(200, {
    timezone: 'UTC',
    serverTime: toldMs,
    rateLimits: [{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 }],
    exchangeFilters: [],
    symbols: [...bySymbol].map(([symbol, market]) => symbolOf(symbol, market)),
  });
}

function symbolOf(symbol: string, { instrument, tickSize }: SimMarket): unknown {
  const [base, quote] = instrument.replace(/:.*/, '').split('/');
  return {
    symbol,
    status: 'TRADING',
    baseAsset: base,
    baseAssetPrecision: 8,
    quoteAsset: quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    orderTypes: ['LIMIT', 'MARKET'],
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: tickSize, maxPrice: '100000000', tickSize },
      { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: '100000000', stepSize: '0.00001' },
    ],
    permissions: ['SPOT'],
    permissionSets: [['SPOT']],
  };
}
