import type { Bar, Calendar, Timeframe } from '@aistock/market';
import { SourceError, type BarRequest, type BarSource, type FetchedBars } from '../bar-source.ts';
import { codeOfStatus } from '../http/source-error-of.ts';
import { webClient, type WebTerms } from '../http/web-client.ts';
import { readSeries } from './series.ts';

/** Bars that the free plan gives of a series: the newest. */
const COMPACT_BARS = 100;
/** Its hours may begin at 09:30 or on the hour, and it has no 4h. */
const INTERVALS: Readonly<Partial<Record<Timeframe, string>>> = {
  '1m': '1min',
  '5m': '5min',
  '15m': '15min',
  '30m': '30min',
};

/** The key and its plan, and by which means it is asked. */
export interface AlphaVantageTerms extends WebTerms {
  readonly apiKey: string;
  /** The calendar of an instrument: how its daily bars are named. */
  readonly calendarOf: (instrument: string) => Calendar;
  /** The whole series instead of its newest 100 bars, where the key's plan has it; false unless told. */
  readonly full?: boolean;
}

/**
 * Bars of stocks as they were traded, by Alpha Vantage: daily, and intraday of the regular session. The free plan has 25
 * requests a day, 5 a minute; every call of `fetchBars` is one. It has no clock: before its first answer ours counts.
 */
export function alphaVantageSource(terms: AlphaVantageTerms): BarSource {
  const server = { venue: 'alphavantage', origin: 'https://www.alphavantage.co', secrets: [terms.apiKey] };
  const client = webClient(server, terms);

  /** A limit comes with status 200, which the pacer cannot know. */
  const readable = async (body: unknown, { instrument, timeframe }: BarRequest): Promise<Bar[]> => {
    const interval = INTERVALS[timeframe] ?? 'Daily';
    try {
      return readSeries(body, { instrument, interval, calendar: terms.calendarOf(instrument) });
    } catch (error) {
      if (error instanceof SourceError && error.retryAfterMs !== undefined) {
        const headers = new Headers({ 'retry-after': String(error.retryAfterMs / 1000) });
        await terms.pacer.note({ venue: server.venue, status: 429, headers, nowMs: terms.nowMs() });
      }
      throw error;
    }
  };

  const read = async (request: BarRequest): Promise<Pick<FetchedBars, 'bars' | 'more' | 'unserved'>> => {
    const { status, body } = await client.get('/query', {
      ...seriesOf(request),
      symbol: request.instrument,
      outputsize: terms.full ? 'full' : 'compact',
      apikey: terms.apiKey,
    });
    const refused = codeOfStatus(status);
    if (refused) throw new SourceError(refused, `alphavantage answered ${status}`);
    const series = await readable(body, request);
    const sinceMs = request.sinceMs ?? series.at(-request.limit)?.openMs ?? 0;
    const wanted = series.filter((bar) => bar.openMs >= sinceMs);
    const bars = wanted.slice(0, request.limit);
    const oldestMs = series[0]?.openMs ?? sinceMs;
    const isCut = !terms.full && series.length >= COMPACT_BARS && sinceMs < oldestMs;
    return {
      bars,
      more: bars.length < wanted.length,
      unserved: isCut
        ? [{ fromMs: sinceMs, toMs: oldestMs, why: `this plan has the newest ${COMPACT_BARS} bars` }]
        : [],
    };
  };

  return {
    name: 'alphavantage',
    tradesOnly: false,
    facts: { adjustment: 'raw' },
    clockMs: () => Promise.resolve(client.clockMs()),
    fetchBars: async (request) => {
      const { result, answers, clockMs } = await client.record(() => read(request));
      return { source: 'alphavantage', ...result, clockMs, provenance: answers };
    },
  };
}

function seriesOf({ instrument, timeframe }: BarRequest): Readonly<Record<string, string>> {
  if (instrument.includes('/'))
    throw new SourceError(
      'unknown_instrument',
      `alphavantage is asked for stocks only, not for ${instrument}`,
    );
  if (timeframe === '1d') return { function: 'TIME_SERIES_DAILY' };
  const interval = INTERVALS[timeframe];
  if (interval === undefined)
    throw new SourceError('unknown_timeframe', `alphavantage has no bars of ${timeframe}`);
  return { function: 'TIME_SERIES_INTRADAY', interval, adjusted: 'false', extended_hours: 'false' };
}
