import { TIMEFRAME_MS, type Bar, type Calendar, type Timeframe } from '@aistock/market';
import { SourceError, type BarRequest, type BarSource, type UnservedRange } from '../bar-source.ts';
import type { CorporateAction } from '../corporate-action.ts';
import { webClient, type WebTerms } from '../http/web-client.ts';
import { chartActions, chartBars } from './chart-bars.ts';
import { readChart, type Chart } from './chart.ts';

const ORIGIN = 'https://query2.finance.yahoo.com';
/** Asked for the time of day when nothing else has been asked yet. */
const CLOCK_SYMBOL = 'SPY';
/** Requests that one call of `fetchBars` may make: more windows than there are between 1970 and now. */
const WINDOWS_MAX = 50;
const DAY_MS = TIMEFRAME_MS['1d'];

interface Interval {
  /** The longest range that one request may cover. */
  readonly windowMs: number;
  /** How far back there are bars. */
  readonly historyMs: number;
}

/** What Yahoo keeps, a day less than it says, because it counts from another moment than we do. It has no 4h. */
const INTERVALS: Readonly<Partial<Record<Timeframe, Interval>>> = {
  '1m': { windowMs: 7 * DAY_MS, historyMs: 29 * DAY_MS },
  '5m': { windowMs: 59 * DAY_MS, historyMs: 59 * DAY_MS },
  '15m': { windowMs: 59 * DAY_MS, historyMs: 59 * DAY_MS },
  '30m': { windowMs: 59 * DAY_MS, historyMs: 59 * DAY_MS },
  '1h': { windowMs: 729 * DAY_MS, historyMs: 729 * DAY_MS },
  '1d': { windowMs: 3_650 * DAY_MS, historyMs: Infinity },
};

export interface YahooTerms extends WebTerms {
  /** The calendar of an instrument: how its daily bars are named. */
  readonly calendarOf: (instrument: string) => Calendar;
  /** Yahoo's name of an instrument where it is not the one that `yahooSymbol` makes, such as `BRK-B` of `BRK.B`. */
  readonly symbols?: Readonly<Record<string, string>>;
}

/** `AAPL` as it is; the pair `BTC/USD` as `BTC-USD`; of calendar `fx` `EUR/USD` as `EURUSD=X`. */
function yahooSymbol(instrument: string, calendar: Calendar): string {
  return calendar === 'fx' ? `${instrument.replace('/', '')}=X` : instrument.replace('/', '-');
}

/**
 * Bars of Yahoo's chart endpoint. Its prices are adjusted for splits, also those that came later, and not for dividends;
 * splits and dividends come beside the bars. Prices are float32 there: see `floatText`.
 */
export function yahooSource(terms: YahooTerms): BarSource {
  const client = webClient(
    { venue: 'yahoo', origin: ORIGIN, headers: { 'user-agent': 'Mozilla/5.0 (compatible; AIStock)' } },
    terms,
  );

  const chartOf = async (
    symbol: string,
    params: Readonly<Record<string, string | number>>,
  ): Promise<Chart | undefined> => {
    const path = `/v8/finance/chart/${encodeURIComponent(symbol)}`;
    const chart = readChart(await client.get(path, { ...params, includePrePost: 'false' }), symbol);
    if (chart && (chart.meta.symbol !== symbol || chart.meta.dataGranularity !== params['interval']))
      throw new SourceError(
        'malformed_data',
        `yahoo was asked for ${symbol} and gave ${chart.meta.dataGranularity} of ${chart.meta.symbol}`,
      );
    return chart;
  };

  let isClockKnown = false;
  const clockMs = async (): Promise<number> => {
    if (!isClockKnown) await chartOf(CLOCK_SYMBOL, { interval: '1d', range: '1d' });
    isClockKnown = true;
    return client.clockMs();
  };

  const windows = async (request: BarRequest, interval: Interval): Promise<Found> => {
    const { instrument, timeframe, limit } = request;
    const calendar = terms.calendarOf(instrument);
    const symbol = terms.symbols?.[instrument] ?? yahooSymbol(instrument, calendar);
    const nowMs = await clockMs();
    const wantedMs = request.sinceMs ?? nowMs - limit * TIMEFRAME_MS[timeframe];
    let fromMs = Math.max(wantedMs, nowMs - interval.historyMs);
    const unserved = unservedBefore(fromMs, wantedMs, timeframe);
    const actions: CorporateAction[] = [];
    let found: Bar[] = [];
    for (let window = 0; window < WINDOWS_MAX && fromMs < nowMs && found.length === 0; window++) {
      const toMs = Math.min(nowMs, fromMs + interval.windowMs);
      const chart = await chartOf(symbol, {
        interval: timeframe,
        events: 'div|split',
        // A day may begin up to half a day before 00:00 UTC, by which it is named.
        period1: Math.floor((timeframe === '1d' ? fromMs - DAY_MS : fromMs) / 1000),
        period2: Math.ceil(toMs / 1000),
      });
      if (chart) {
        found = chartBars(chart, { timeframe, calendar }).filter((bar) => bar.openMs >= wantedMs);
        actions.push(...chartActions(chart, calendar));
      }
      fromMs = toMs;
    }
    const bars = found.slice(0, limit);
    return { bars, actions, unserved, more: fromMs < nowMs || bars.length < found.length };
  };

  return {
    name: 'yahoo',
    tradesOnly: false,
    facts: { adjustment: 'split' },
    clockMs,
    fetchBars: async (request) => {
      const interval = intervalOf(request, terms.calendarOf(request.instrument));
      const { result, answers } = await client.record(() => windows(request, interval));
      return { source: 'yahoo', ...result, provenance: answers };
    },
  };
}

interface Found {
  readonly bars: readonly Bar[];
  readonly actions: readonly CorporateAction[];
  readonly unserved: readonly UnservedRange[];
  readonly more: boolean;
}

function intervalOf({ timeframe }: BarRequest, calendar: Calendar): Interval {
  const interval = INTERVALS[timeframe];
  if (!interval) throw new SourceError('unknown_timeframe', `yahoo has no bars of ${timeframe}`);
  if (timeframe === '1h' && calendar === 'xnys')
    throw new SourceError(
      'unknown_timeframe',
      "yahoo's hours begin at 09:30 and not on the hour; take its 30m",
    );
  return interval;
}

function unservedBefore(servedMs: number, wantedMs: number, timeframe: Timeframe): UnservedRange[] {
  if (servedMs <= wantedMs) return [];
  return [{ fromMs: wantedMs, toMs: servedMs, why: `yahoo keeps no older bars of ${timeframe}` }];
}
