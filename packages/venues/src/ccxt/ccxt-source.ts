import { setTimeout as delay } from 'node:timers/promises';
import { normaliseDecimal, TIMEFRAME_MS, type Bar, type Timeframe } from '@aistock/market';
import type { Exchange } from 'ccxt';
import { SourceError, type BarRequest, type BarSource } from '../bar-source.ts';
import { recordingHttp } from '../http/recording-http.ts';
import { sourceErrorOf } from '../http/source-error-of.ts';
import { unpaced, type Pacer } from '../pacing/pacer.ts';
import { openExchange } from './open-exchange.ts';

/** A question is asked at most so often in all; they are all GETs. */
const ATTEMPTS_MAX = 3;
const RETRY_DELAY_MS_DEFAULT = 250;
/** Requests that one call of `fetchBars` may make for bars. */
const PAGES_MAX = 50;
/** Bars a page where ccxt does not tell the exchange's own limit. */
const PAGE_BARS_DEFAULT = 500;
/** Exchanges that send no bar for a time without trades. */
const TRADES_ONLY: ReadonlySet<string> = new Set([
  'bitfinex',
  'coinbase',
  'coinbaseadvanced',
  'coinbaseexchange',
]);

export interface CcxtTerms {
  /** ccxt's name of the exchange, such as `binance`; it is the source's name too. */
  readonly exchange: string;
  /** Our own clock, Unix ms UTC; the exchange's is asked where it has one. */
  readonly nowMs: () => number;
  /** A new name for a request. */
  readonly newRequestId: () => string;
  /** The budget of all who ask this exchange; without one ccxt paces the requests of this source alone. */
  readonly pacer?: Pacer;
  /** How long one request may take; 10 s unless told. */
  readonly timeoutMs?: number;
  /** Before the second try, doubled for each further one; 250 ms unless told. */
  readonly retryDelayMs?: number;
  /** Ask this origin instead of the exchange's, same paths; any other host is refused. */
  readonly origin?: string;
}

/**
 * Public spot bars of an exchange, by ccxt. Pages are asked for one after the other from `sinceMs` on; where that is
 * undefined the newest `limit` bars are given.
 * @throws SourceError `unknown_exchange`.
 */
export async function ccxtSource(terms: CcxtTerms): Promise<BarSource> {
  const selfPaced = terms.pacer === undefined && terms.origin === undefined;
  const { exchange, origins } = await openExchange({ ...terms, selfPaced });
  const http = recordingHttp({ venue: terms.exchange, origins, pacer: unpaced, ...terms });
  exchange.fetchImplementation = http.fetch;
  const ask = <T>(doing: string, question: () => Promise<T>): Promise<T> =>
    retried(doing, question, terms.retryDelayMs ?? RETRY_DELAY_MS_DEFAULT);

  // ccxt keeps a failed load and fails with it for ever, unless it is told to load again.
  const loadMarkets = (): Promise<unknown> =>
    ask('loading the markets', () => exchange.loadMarkets(exchange.markets === undefined));

  const clockMs = async (): Promise<number> => {
    if (exchange.has['fetchTime'] === true) {
      const timeMs = await ask('asking the time', () => exchange.fetchTime());
      if (timeMs !== undefined) return timeMs;
    }
    await loadMarkets();
    return http.serverClockMs() ?? terms.nowMs();
  };

  const pages = async (request: BarRequest): Promise<{ bars: Bar[]; more: boolean }> => {
    const stepMs = TIMEFRAME_MS[request.timeframe];
    const nowMs = await clockMs();
    let fromMs = request.sinceMs ?? (Math.floor(nowMs / stepMs) - request.limit + 1) * stepMs;
    const bars: Bar[] = [];
    for (let page = 0; page < PAGES_MAX && fromMs < nowMs && bars.length < request.limit; page++) {
      const count = Math.min(pageBars(exchange), request.limit - bars.length);
      const rows = await ask('asking for bars', () =>
        exchange.fetchOHLCV(request.instrument, request.timeframe, fromMs, count),
      );
      const fresh = rows.map(toBar).filter((bar) => bar.openMs >= fromMs);
      bars.push(...fresh);
      fromMs = (fresh.at(-1)?.openMs ?? fromMs + (count - 1) * stepMs) + stepMs; // An empty page may be an outage.
    }
    return { bars, more: fromMs + stepMs <= nowMs };
  };

  return {
    name: terms.exchange,
    tradesOnly: TRADES_ONLY.has(terms.exchange),
    clockMs,
    fetchBars: async (request) => {
      await loadMarkets();
      assertKnown(exchange, request);
      const { result, answers } = await http.record(() => pages(request));
      return { source: terms.exchange, ...result, provenance: answers };
    },
  };
}

function pageBars(exchange: Exchange): number {
  const limit: unknown = exchange.features?.['spot']?.fetchOHLCV?.limit;
  return typeof limit === 'number' && limit > 0 ? limit : PAGE_BARS_DEFAULT;
}

function assertKnown(
  exchange: Exchange,
  { instrument, timeframe }: { instrument: string; timeframe: Timeframe },
): void {
  if (!Object.hasOwn(exchange.markets ?? {}, instrument)) {
    throw new SourceError('unknown_instrument', `${exchange.id} has no market ${instrument}`);
  }
  if (!Object.hasOwn(exchange.timeframes ?? {}, timeframe)) {
    throw new SourceError('unknown_timeframe', `${exchange.id} has no bars of ${timeframe}`);
  }
}

async function retried<T>(doing: string, question: () => Promise<T>, retryDelayMs: number): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await question();
    } catch (error) {
      const failure = sourceErrorOf(error, doing);
      if (attempt === ATTEMPTS_MAX || failure.code !== 'source_unreachable') throw failure;
      await delay(retryDelayMs * 2 ** (attempt - 1));
    }
  }
}

/** A row of ccxt: open time in ms, then open, high, low, close and volume, here as the exchange's text. */
function toBar(row: readonly unknown[]): Bar {
  const [openMs, open, high, low, close, volume] = row;
  if (typeof openMs !== 'number') throw new SourceError('malformed_data', 'a bar came without its time');
  return {
    openMs,
    open: decimalOf(open, openMs),
    high: decimalOf(high, openMs),
    low: decimalOf(low, openMs),
    close: decimalOf(close, openMs),
    volume: decimalOf(volume, openMs),
  };
}

/** A value that is not there becomes `NaN`, for the quality check to reject that bar. */
function decimalOf(value: unknown, openMs: number): string {
  if (typeof value !== 'string' && typeof value !== 'number') return 'NaN';
  try {
    return normaliseDecimal(String(value));
  } catch (error) {
    throw new SourceError('malformed_data', `bar ${openMs}: ${String(value).slice(0, 40)} cannot be read`, {
      cause: error,
    });
  }
}
