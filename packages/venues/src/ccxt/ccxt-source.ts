import { TIMEFRAME_MS } from '@aistock/market';
import type { BarSource } from '../bar-source.ts';
import { recordingHttp } from '../http/recording-http.ts';
import type { WebTerms } from '../http/web-client.ts';
import { unpaced, type Pacer } from '../pacing/pacer.ts';
import { asking } from './ask.ts';
import { exchangeClock } from './exchange-clock.ts';
import { knownMarkets } from './known-markets.ts';
import { openExchange } from './open-exchange.ts';
import { quirksOf } from './quirks.ts';
import { readRange } from './pages/read-range.ts';

/** Which exchange is asked, and by which means; no keys, since bars are public. */
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
 * Of contracts some exchanges tell the volume in contracts and not in the base currency.
 * @throws SourceError `unknown_exchange`; `source_refused` where a sandbox is wanted and there is none.
 */
export async function ccxtSource(terms: CcxtTerms): Promise<BarSource> {
  const { exchange: name, nowMs, pacer = unpaced } = terms;
  const quirks = quirksOf(name);
  const selfPaced = terms.pacer === undefined && terms.origin === undefined;
  const { exchange, origins } = await openExchange({ ...terms, selfPaced }, quirks);
  const { weightOf } = quirks;
  const http = recordingHttp({ venue: name, origins, weightOf, ...terms, pacer });
  exchange.fetchImplementation = http.fetch;
  const ask = asking({
    ...terms,
    onLimited: () => pacer.note({ venue: name, status: 429, headers: new Headers(), nowMs: nowMs() }),
  });
  const markets = knownMarkets(exchange, nowMs, ask);
  const clockMs = exchangeClock({ exchange, ask, markets, http, nowMs });
  return {
    name,
    tradesOnly: quirks.tradesOnly,
    clockMs,
    fetchBars: async (request) => {
      const { instrument, timeframe, limit, sinceMs } = request;
      await markets.assertKnown(request);
      const { result, answers } = await http.record(async () => {
        const toldMs = await clockMs();
        const stepMs = TIMEFRAME_MS[timeframe];
        const fromMs = sinceMs ?? (Math.floor(toldMs / stepMs) - limit + 1) * stepMs;
        const range = { instrument, timeframe, limit, fromMs, clockMs: toldMs };
        return { ...(await readRange({ exchange, quirks, ask }, range)), clockMs: toldMs };
      });
      return { source: name, ...result, provenance: answers };
    },
  };
}
