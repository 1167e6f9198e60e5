import type { Bar, Timeframe } from '@aistock/market';
import { SourceError, type BarRequest, type BarSource } from '../bar-source.ts';
import type { WebTerms } from '../http/web-client.ts';
import { alpacaRest, type AlpacaAccount, type AlpacaRest } from './alpaca-rest.ts';
import { readBarsPage } from './bars-page.ts';
import { readCalendarDays, readClockMs } from './market-times.ts';

/** Bars a page at most. */
const PAGE_BARS_MAX = 10_000;
/** Requests for bars that one call of `fetchBars` may make; a page may hold fewer bars than it could. */
const PAGES_MAX = 50;
/** Behind its clock by this, the sip feed is open to everybody; nearer to it, to subscribers. With a minute to spare. */
const SIP_DELAY_MS = 16 * 60_000;

const TIMEFRAMES = {
  '1m': '1Min',
  '5m': '5Min',
  '15m': '15Min',
  '30m': '30Min',
  '1h': '1Hour',
  '4h': '4Hour',
  '1d': '1Day',
} as const satisfies Readonly<Record<Timeframe, string>>;

export interface AlpacaTerms extends WebTerms, AlpacaAccount {
  /** `iex` and `sip` have stocks, such as `AAPL`; `crypto_us` has pairs, such as `BTC/USD`. */
  readonly feed: 'iex' | 'sip' | 'crypto_us';
  /** What prices of stocks are changed for; crypto is always `raw`. */
  readonly adjustment: 'raw' | 'split' | 'dividend' | 'all';
  /** Bars are read up to so long before now; 16 min of `sip`, else 0 unless told. */
  readonly delayMs?: number;
}

/**
 * Bars of Alpaca, by its SDK. A feed has no bar for a time without a trade on it. Without a `sinceMs` the newest `limit`
 * bars are given.
 * @throws SourceError `source_refused` where crypto is to be adjusted.
 */
export function alpacaSource(terms: AlpacaTerms): BarSource {
  const { feed, adjustment } = terms;
  if (feed === 'crypto_us' && adjustment !== 'raw')
    throw new SourceError('source_refused', `alpaca does not adjust crypto, so not for ${adjustment}`);
  const delayMs = terms.delayMs ?? (feed === 'sip' ? SIP_DELAY_MS : 0);
  const rest = alpacaRest(terms, terms);
  const known = new Set<string>();

  /** What is asked on every page of a request. */
  const questionOf = ({ instrument, timeframe, sinceMs }: BarRequest): PageQuestion => ({
    symbols: instrument,
    timeframe: TIMEFRAMES[timeframe],
    ...(sinceMs !== undefined && { start: new Date(sinceMs) }),
    ...(delayMs > 0 && { end: new Date((rest.http.serverClockMs() ?? terms.nowMs()) - delayMs) }),
    sort: sinceMs === undefined ? 'desc' : 'asc',
  });

  const askPage = (question: PageQuestion): Promise<unknown> =>
    rest.ask(() =>
      feed === 'crypto_us'
        ? rest.crypto.cryptoBarsRaw({ ...question, loc: 'us' })
        : rest.stocks.stockBarsRaw({ ...question, feed, adjustment }),
    );

  const pages = async (request: BarRequest): Promise<{ bars: Bar[]; more: boolean }> => {
    const { instrument, sinceMs = -Infinity, limit } = request;
    const question = questionOf(request);
    const bars: Bar[] = [];
    const tokens = new Set<string>();
    let pageToken: string | undefined;
    for (let page = 0; page < PAGES_MAX && bars.length < limit; page++) {
      const count = Math.min(PAGE_BARS_MAX, limit - bars.length);
      const body = await askPage({
        ...question,
        limit: count,
        ...(pageToken !== undefined && { pageToken }),
      });
      const { bars: found, nextToken } = readBarsPage(body, instrument);
      bars.push(...found.filter((bar) => bar.openMs >= sinceMs));
      if (found.length > 0) known.add(instrument);
      pageToken = nextToken;
      if (nextToken === undefined) break;
      if (tokens.has(nextToken)) throw new SourceError('source_stuck', `alpaca sends the same page again`);
      tokens.add(nextToken);
    }
    if (!known.has(instrument)) await assertExists(rest, instrument);
    known.add(instrument);
    return request.sinceMs === undefined
      ? { bars: bars.toReversed(), more: false }
      : { bars, more: pageToken !== undefined };
  };

  return {
    name: 'alpaca',
    tradesOnly: true,
    facts: { feed, adjustment },
    clockMs: async () => readClockMs(await rest.ask(() => rest.clock.legacyClockRaw())) - delayMs,
    fetchBars: async (request) => {
      assertOfFeed(feed, request.instrument);
      const { result, answers } = await rest.http.record(() => pages(request));
      return { source: 'alpaca', ...result, provenance: answers };
    },
    calendarDays: async (fromMs, toMs) => {
      const range = { start: new Date(fromMs), end: new Date(toMs) };
      const days = readCalendarDays(await rest.ask(() => rest.calendar.legacyCalendarRaw(range)));
      return days.filter(({ opensMs }) => fromMs <= opensMs && opensMs < toMs);
    },
  };
}

interface PageQuestion {
  readonly symbols: string;
  readonly timeframe: string;
  readonly start?: Date;
  readonly end?: Date;
  readonly sort: 'asc' | 'desc';
  readonly limit?: number;
  readonly pageToken?: string;
}

function assertOfFeed(feed: AlpacaTerms['feed'], instrument: string): void {
  if (instrument.includes('/') !== (feed === 'crypto_us'))
    throw new SourceError('unknown_instrument', `alpaca has no ${instrument} on its feed ${feed}`);
}

/** Of a name that it does not have Alpaca gives no bars, as of one without a trade; so it is asked for the name. */
async function assertExists(rest: AlpacaRest, instrument: string): Promise<void> {
  await rest.ask(() => rest.assets.getV2AssetsSymbolOrAssetIdRaw({ symbolOrAssetId: instrument }));
}
