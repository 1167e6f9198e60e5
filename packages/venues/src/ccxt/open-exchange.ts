import type { Exchange } from 'ccxt';
import { SourceError } from '../bar-source.ts';
import { loadExchange } from './load-exchange.ts';

export interface ExchangeTerms {
  /** ccxt's name, such as `binance`. */
  readonly exchange: string;
  /** ccxt keeps its own distance between requests, for this process alone: for where nobody else paces them. */
  readonly selfPaced: boolean;
  /** Sends every request to this origin instead of the exchange's hosts, with the same paths. */
  readonly origin?: string | undefined;
}

/** ccxt's own bound on a request; ours is tighter, but does not count the wait for the budget. */
const TIMEOUT_MS = 600_000;

/** Binance lists futures of three kinds besides and asks for each: we want spot, from one request. */
const SPOT_ONLY = {
  defaultType: 'spot',
  fetchMarkets: { types: ['spot'] },
  fetchCurrencies: false,
  fetchMargins: false,
};

/**
 * An exchange object for public spot data, without keys; and the origins that it asks. Numbers stay the text that the
 * exchange sent.
 * @throws SourceError `unknown_exchange` where ccxt has none of that name, or none with bars.
 */
export async function openExchange(terms: ExchangeTerms): Promise<{ exchange: Exchange; origins: string[] }> {
  const Exchange = await loadExchange(terms.exchange);
  const exchange = new Exchange({
    enableRateLimit: terms.selfPaced,
    timeout: TIMEOUT_MS,
    number: String,
    options: terms.exchange.startsWith('binance') ? SPOT_ONLY : { defaultType: 'spot' },
  });
  if (exchange.has['fetchOHLCV'] !== true) {
    throw new SourceError('unknown_exchange', `${terms.exchange} has no bars`);
  }
  if (terms.origin !== undefined) {
    Object.assign(exchange.urls, { api: onOrigin(exchange.urls['api'], terms.origin) });
  }
  return { exchange, origins: originsIn(exchange.urls['api'], exchange) };
}

/** The same tree of URLs with another scheme, host and port. */
function onOrigin(urls: unknown, origin: string): unknown {
  if (typeof urls === 'string') return urls.replace(/^[a-z]+:\/\/[^/]*/, origin);
  if (typeof urls !== 'object' || urls === null) return urls;
  return Object.fromEntries(Object.entries(urls).map(([name, value]) => [name, onOrigin(value, origin)]));
}

/** The origins of a tree of URLs, whose hosts may be written as `api.{hostname}`. */
function originsIn(urls: unknown, exchange: Exchange): string[] {
  if (typeof urls === 'object' && urls !== null) {
    return [...new Set(Object.values(urls).flatMap((value) => originsIn(value, exchange)))];
  }
  if (typeof urls !== 'string') return [];
  const { hostname } = exchange as { hostname?: unknown };
  const url = typeof hostname === 'string' ? urls.replaceAll('{hostname}', hostname) : urls;
  return /^https?:/.test(url) && URL.canParse(url) ? [new URL(url).origin] : [];
}
