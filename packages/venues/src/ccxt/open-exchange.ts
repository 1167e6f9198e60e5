import type { Exchange } from 'ccxt';
import { SourceError } from '../bar-source.ts';
import { loadExchange } from './load-exchange.ts';
import type { Quirks } from './quirks.ts';

export interface ExchangeTerms {
  /** ccxt's name, such as `binance`. */
  readonly exchange: string;
  /** ccxt keeps its own distance between requests, for this process alone: for where nobody else paces them. */
  readonly selfPaced: boolean;
  /** Sends every request to this origin instead of the exchange's hosts, with the same paths. */
  readonly origin?: string | undefined;
  readonly sandbox?: boolean;
  /** Our own clock, Unix ms UTC: ccxt cuts what it asks for by it. */
  readonly nowMs: () => number;
}

/** ccxt's own bound on a request; ours is tighter, but does not count the wait for the budget. */
const TIMEOUT_MS = 600_000;

/**
 * An exchange object for public spot data, without keys; and the origins that it asks. Numbers stay the text that the
 * exchange sent; rows of bars are all that came, as they came: ccxt would leave out those before the asked time, so that
 * an answer to another question would look like an empty one.
 * @throws SourceError `unknown_exchange` where ccxt has none of that name, or none with bars; `source_refused` where it
 * has no sandbox.
 */
export async function openExchange(
  terms: ExchangeTerms,
  quirks: Quirks,
): Promise<{ exchange: Exchange; origins: string[] }> {
  const Exchange = await loadExchange(terms.exchange);
  const exchange = new Exchange({
    enableRateLimit: terms.selfPaced,
    timeout: TIMEOUT_MS,
    number: String,
    ...quirks.config,
  });
  if (exchange.has['fetchOHLCV'] !== true) {
    throw new SourceError('unknown_exchange', `${terms.exchange} has no bars`);
  }
  exchange.milliseconds = terms.nowMs;
  exchange.seconds = () => Math.floor(terms.nowMs() / 1000);
  exchange.parseOHLCVs = (rows, market) => (rows ?? []).map((row) => exchange.parseOHLCV(row, market));
  if (terms.sandbox === true) useSandbox(exchange);
  if (terms.origin !== undefined) {
    Object.assign(exchange.urls, { api: onOrigin(exchange.urls['api'], terms.origin) });
  }
  return { exchange, origins: originsIn(exchange.urls['api'], exchange) };
}

/** Where there is no sandbox, ccxt may leave the exchange without any URL and say nothing. */
function useSandbox(exchange: Exchange): void {
  if (exchange.features?.['spot']?.['sandbox'] !== true || exchange.urls['test'] === undefined) {
    throw new SourceError('source_refused', `${exchange.id} has no sandbox`);
  }
  exchange.setSandboxMode(true);
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
