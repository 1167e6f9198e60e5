import type { Exchange } from 'ccxt';
import { SourceError } from '../bar-source.ts';
import { loadExchange } from './load-exchange.ts';
import type { RecordingHttp } from './recording-http.ts';

export interface ExchangeTerms {
  /** ccxt's name, such as `binance`. */
  readonly exchange: string;
  /** How long one request may take, in ms. */
  readonly timeoutMs: number;
  /** Sends every request to this origin instead of the exchange's hosts, with the same paths and without their limit. */
  readonly origin?: string;
}

/** Binance lists futures of three kinds besides and asks for each: we want spot, from one request. */
const SPOT_ONLY = {
  defaultType: 'spot',
  fetchMarkets: { types: ['spot'] },
  fetchCurrencies: false,
  fetchMargins: false,
};

/**
 * An exchange object for public spot data, without keys, within the exchange's rate limit. Numbers stay the text that
 * the exchange sent.
 * @throws SourceError `unknown_exchange` where ccxt has none of that name, or none with bars.
 */
export async function openExchange(terms: ExchangeTerms, http: RecordingHttp): Promise<Exchange> {
  const Exchange = await loadExchange(terms.exchange);
  const exchange = new Exchange({
    enableRateLimit: terms.origin === undefined,
    timeout: terms.timeoutMs,
    number: String,
    options: terms.exchange.startsWith('binance') ? SPOT_ONLY : { defaultType: 'spot' },
    fetchImplementation: http.fetch,
  });
  if (exchange.has['fetchOHLCV'] !== true) {
    throw new SourceError('unknown_exchange', `${terms.exchange} has no bars`);
  }
  if (terms.origin !== undefined) {
    Object.assign(exchange.urls, { api: onOrigin(exchange.urls['api'], terms.origin) });
  }
  return exchange;
}

/** The same tree of URLs with another scheme, host and port. */
function onOrigin(urls: unknown, origin: string): unknown {
  if (typeof urls === 'string') return urls.replace(/^[a-z]+:\/\/[^/]*/, origin);
  if (typeof urls !== 'object' || urls === null) return urls;
  return Object.fromEntries(Object.entries(urls).map(([name, value]) => [name, onOrigin(value, origin)]));
}
