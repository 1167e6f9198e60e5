import { TIMEFRAME_MS, type Bar, type Timeframe } from '@aistock/market';
import { SourceError, type BarRequest, type BarSource } from '../bar-source.ts';
import type { WebTerms } from '../http/web-client.ts';
import { alpacaRest, type AlpacaAccount, type AlpacaRest } from './alpaca-rest.ts';
import { readBarsPage } from './bars-page.ts';
import { readCalendarDays, readClockMs } from './market-times.ts';
import { readTokenPages } from './read-token-pages.ts';

/** So long after its time the sip feed is open to everybody; sooner, to subscribers. With a minute to spare. */
export const SIP_DELAY_MS = 16 * 60_000;

const TIMEFRAMES = {
  '1m': '1Min',
  '5m': '5Min',
  '15m': '15Min',
  '30m': '30Min',
  '1h': '1Hour',
  '4h': '4Hour',
  '1d': '1Day',
} as const satisfies Readonly<Record<Timeframe, string>>;

/** What is asked for of Alpaca, and by which account. */
export interface AlpacaTerms extends WebTerms, AlpacaAccount {
  /** `iex` and `sip` have stocks, such as `AAPL`; `crypto_us` has pairs, such as `BTC/USD`. */
  readonly feed: 'iex' | 'sip' | 'crypto_us';
  /** What prices of stocks are changed for; crypto is always `raw`. */
  readonly adjustment: 'raw' | 'split' | 'dividend' | 'all';
  /** Bars are read up to so long before now; 16 min of `sip`, else 0 unless told. */
  readonly delayMs?: number;
}

/**
 * Bars of Alpaca, by its SDK. A feed has no bar for a time without a trade on it. Without a `sinceMs` it begins so long
 * ago that there may be `limit` bars.
 * @throws SourceError `source_refused` where crypto is to be adjusted.
 */
export function alpacaSource(terms: AlpacaTerms): BarSource {
  const { feed, adjustment } = terms;
  if (feed === 'crypto_us' && adjustment !== 'raw')
    throw new SourceError('source_refused', `alpaca does not adjust crypto, so not for ${adjustment}`);
  const delayMs = terms.delayMs ?? (feed === 'sip' ? SIP_DELAY_MS : 0);
  const rest = alpacaRest(terms, terms);
  const known = new Set<string>();

  const nowMs = (): number => (rest.http.serverClockMs() ?? terms.nowMs()) - delayMs;

  const read = async ({ instrument, timeframe, ...request }: BarRequest): Promise<BarsRead> => {
    const stepMs = TIMEFRAME_MS[timeframe];
    const { limit, sinceMs = nowMs() - limit * stepMs } = request;
    if (sinceMs > nowMs()) return { bars: [], more: false };
    const question = {
      symbols: instrument,
      timeframe: TIMEFRAMES[timeframe],
      start: new Date(sinceMs),
      ...(delayMs > 0 && { end: new Date(nowMs()) }),
    };
    const found = await readTokenPages({
      sinceMs,
      stepMs,
      limit,
      ask: async (count, token) => {
        const page = { ...question, limit: count, ...(token !== undefined && { pageToken: token }) };
        const body = await rest.ask(() =>
          feed === 'crypto_us'
            ? rest.crypto.cryptoBarsRaw({ ...page, loc: 'us' })
            : rest.stocks.stockBarsRaw({ ...page, feed, adjustment }),
        );
        return readBarsPage(body, instrument);
      },
    });
    if (found.bars.length === 0 && !known.has(instrument)) await assertExists(rest, instrument);
    known.add(instrument);
    return found;
  };

  return {
    name: 'alpaca',
    // A listed share trades in every session.
    tradesOnly: 'intraday',
    delayMs,
    // Coins are never split: adjustment says nothing of them.
    facts: feed === 'crypto_us' ? { feed } : { feed, adjustment },
    clockMs: async () => readClockMs(await rest.ask(() => rest.clock.legacyClockRaw())) - delayMs,
    fetchBars: async (request) => {
      assertOfFeed(feed, request.instrument);
      const { result, answers } = await rest.http.record(() => read(request));
      return { source: 'alpaca', ...result, provenance: answers };
    },
    calendarDays: async (fromMs, toMs) => {
      const range = { start: new Date(fromMs), end: new Date(toMs) };
      const days = readCalendarDays(await rest.ask(() => rest.calendar.legacyCalendarRaw(range)));
      return days.filter(({ opensMs }) => fromMs <= opensMs && opensMs < toMs);
    },
  };
}

interface BarsRead {
  readonly bars: readonly Bar[];
  readonly more: boolean;
}

function assertOfFeed(feed: AlpacaTerms['feed'], instrument: string): void {
  if (instrument.includes('/') !== (feed === 'crypto_us'))
    throw new SourceError('unknown_instrument', `alpaca has no ${instrument} on its feed ${feed}`);
}

/** Of a name that it does not have Alpaca gives no bars, as of one without a trade; so it is asked for the name. */
async function assertExists(rest: AlpacaRest, instrument: string): Promise<void> {
  await rest.ask(() => rest.assets.getV2AssetsSymbolOrAssetIdRaw({ symbolOrAssetId: instrument }));
}
