import { TIMEFRAME_MS, type Bar } from '@aistock/market';
import type { Exchange } from 'ccxt';
import { SourceError, type BarRequest, type BarSource } from '../bar-source.ts';
import { barValue } from '../bar-value.ts';
import { recordingHttp } from '../http/recording-http.ts';
import { sourceErrorOf } from '../http/source-error-of.ts';
import type { WebTerms } from '../http/web-client.ts';
import { unpaced, type Pacer } from '../pacing/pacer.ts';
import { retried } from '../resilience/retry.ts';
import { knownMarkets } from './known-markets.ts';
import { openExchange } from './open-exchange.ts';
import { quirksOf } from './quirks.ts';
import { readPages, type ReadBars } from './read-pages.ts';

/** Bars a page where ccxt does not tell the exchange's own limit: no exchange is known that gives fewer. */
const PAGE_BARS_UNKNOWN = 100;
const DAY_MS = TIMEFRAME_MS['1d'];

export interface CcxtTerms extends Omit<WebTerms, 'pacer'> {
  /** ccxt's name of the exchange, such as `binance`; it is the source's name and the venue of its budget too. */
  readonly exchange: string;
  /** The budget of all who ask this exchange; without one ccxt paces the requests of this source alone. */
  readonly pacer?: Pacer;
  /** Ask the exchange's sandbox; false unless told. */
  readonly sandbox?: boolean;
}

/**
 * Public bars of an exchange, by ccxt: of spot markets, and of the others that ccxt lists under the exchange's name.
 * Pages are asked for one after the other from `sinceMs` on; where that is undefined the newest `limit` bars are given.
 * @throws SourceError `unknown_exchange`; `source_refused` where a sandbox is wanted and there is none.
 */
export async function ccxtSource(terms: CcxtTerms): Promise<BarSource> {
  const quirks = quirksOf(terms.exchange);
  const selfPaced = terms.pacer === undefined && terms.origin === undefined;
  const { exchange, origins } = await openExchange({ ...terms, selfPaced }, quirks);
  const { weightOf } = quirks;
  const http = recordingHttp({ venue: terms.exchange, origins, weightOf, pacer: unpaced, ...terms });
  exchange.fetchImplementation = http.fetch;
  const ask = <T>(doing: string, question: () => Promise<T>): Promise<T> =>
    retried(
      () =>
        question().catch((error: unknown) => {
          throw sourceErrorOf(error, doing);
        }),
      terms.retryWorld,
      terms.retryTerms,
    );
  const markets = knownMarkets(exchange, terms.nowMs, ask);

  const clockMs = async (): Promise<number> => {
    if (exchange.has['fetchTime'] === true) {
      const timeMs = await ask('asking the time', () => exchange.fetchTime());
      if (timeMs !== undefined) return timeMs;
    }
    await markets.load();
    return http.serverClockMs() ?? terms.nowMs();
  };

  const pagesOf = (
    request: Omit<BarRequest, 'sinceMs'>,
    fromMs: number,
    nowMs: number,
  ): Promise<ReadBars> => {
    const { instrument, timeframe, limit } = request;
    return readPages({
      fromMs,
      limit,
      clockMs: nowMs,
      stepMs: TIMEFRAME_MS[timeframe],
      pageBars: pageBars(exchange, instrument),
      keptBars: quirks.keptBars,
      earlierBars: quirks.earlierBars,
      ask: async (sinceMs, count) => {
        const rows = await ask('asking for bars', () =>
          exchange.fetchOHLCV(instrument, timeframe, sinceMs, count),
        );
        return rows.map(toBar);
      },
      resumesMs: async (emptyMs) => {
        if (timeframe === '1d' || !Object.hasOwn(exchange.timeframes ?? {}, '1d')) return undefined;
        const dayMs = Math.floor(emptyMs / DAY_MS) * DAY_MS;
        const tomorrowMs = (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS; // The day that is still open counts too.
        const days = await pagesOf({ instrument, timeframe: '1d', limit: 1 }, dayMs, tomorrowMs);
        return days.bars[0]?.openMs ?? nowMs;
      },
    });
  };

  return {
    name: terms.exchange,
    tradesOnly: quirks.tradesOnly,
    clockMs,
    fetchBars: async (request) => {
      await markets.assertKnown(request);
      const { result, answers } = await http.record(async () => {
        const nowMs = await clockMs();
        const stepMs = TIMEFRAME_MS[request.timeframe];
        const newestMs = (Math.floor(nowMs / stepMs) - request.limit + 1) * stepMs;
        return { ...(await pagesOf(request, request.sinceMs ?? newestMs, nowMs)), clockMs: nowMs };
      });
      return { source: terms.exchange, ...result, provenance: answers };
    },
  };
}

function pageBars(exchange: Exchange, instrument: string): number {
  const limit: unknown = exchange.featureValue(instrument, 'fetchOHLCV', 'limit');
  return typeof limit === 'number' && limit > 0 ? limit : PAGE_BARS_UNKNOWN;
}

/** A row of ccxt: open time in ms, then open, high, low, close and volume, here as the exchange's text. */
function toBar([openMs, ...values]: readonly unknown[]): Bar {
  if (typeof openMs !== 'number' || !Number.isSafeInteger(openMs)) {
    throw new SourceError('malformed_data', 'a bar came without its time');
  }
  const [open, high, low, close, volume] = Array.from({ length: 5 }, (_, column) => {
    const value = values[column];
    return barValue(
      typeof value === 'number' ? String(value) : typeof value === 'string' ? value : null,
      openMs,
    );
  });
  return { openMs, open: open!, high: high!, low: low!, close: close!, volume: volume! };
}
