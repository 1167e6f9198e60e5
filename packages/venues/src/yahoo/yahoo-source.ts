import { TIMEFRAME_MS, type Calendar, type Timeframe } from '@aistock/market';
import { SourceError, type BarRequest, type BarSource, type FetchedBars } from '../bar-source.ts';
import type { CorporateAction } from '../corporate-action.ts';
import { readWindows, type Windows, type WindowsRead } from '../http/read-windows.ts';
import { webClient, type WebTerms } from '../http/web-client.ts';
import { chartActions } from './chart-actions.ts';
import { chartBars } from './chart-bars.ts';
import { readChart, type Chart } from './chart.ts';

const ORIGIN = 'https://query2.finance.yahoo.com';
/** Asked for the time of day when nothing else has been asked yet. */
const CLOCK_SYMBOL = 'SPY';
const DAY_MS = TIMEFRAME_MS['1d'];

/** What Yahoo keeps, a day less than it says, because it counts from another moment than we do. It has no 4h. */
const WINDOWS: Readonly<Partial<Record<Timeframe, Windows>>> = {
  '1m': { windowMs: 7 * DAY_MS, historyMs: 29 * DAY_MS },
  '5m': { windowMs: 59 * DAY_MS, historyMs: 59 * DAY_MS },
  '15m': { windowMs: 59 * DAY_MS, historyMs: 59 * DAY_MS },
  '30m': { windowMs: 59 * DAY_MS, historyMs: 59 * DAY_MS },
  '1h': { windowMs: 729 * DAY_MS, historyMs: 729 * DAY_MS },
  '1d': { windowMs: 3_650 * DAY_MS, historyMs: Infinity },
};

/** How instruments are called there, and by which means it is asked; there is no key. */
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

  const read = async (
    request: BarRequest,
    windows: Windows,
  ): Promise<WindowsRead & Pick<FetchedBars, 'actions'>> => {
    const { instrument, timeframe, limit } = request;
    const calendar = terms.calendarOf(instrument);
    const symbol = terms.symbols?.[instrument] ?? yahooSymbol(instrument, calendar);
    const nowMs = await clockMs();
    const sinceMs = request.sinceMs ?? nowMs - limit * TIMEFRAME_MS[timeframe];
    const actions: CorporateAction[] = [];
    const found = await readWindows({ sinceMs, nowMs, limit }, windows, async (fromMs, toMs) => {
      const chart = await chartOf(symbol, {
        interval: timeframe,
        events: 'div|split',
        // A day may begin up to half a day before 00:00 UTC, by which it is named.
        period1: Math.floor((timeframe === '1d' ? fromMs - DAY_MS : fromMs) / 1000),
        period2: Math.ceil(toMs / 1000),
      });
      if (!chart) return [];
      actions.push(...chartActions(chart, calendar));
      return chartBars(chart, { timeframe, calendar });
    });
    return { ...found, actions };
  };

  return {
    name: 'yahoo',
    tradesOnly: false,
    facts: { adjustment: 'split' },
    clockMs,
    fetchBars: async (request) => {
      const windows = windowsOf(request, terms.calendarOf(request.instrument));
      const { result, answers, clockMs: judgedMs } = await client.record(() => read(request, windows));
      return { source: 'yahoo', ...result, clockMs: judgedMs, provenance: answers };
    },
  };
}

function windowsOf({ timeframe }: BarRequest, calendar: Calendar): Windows {
  const windows = WINDOWS[timeframe];
  if (!windows) throw new SourceError('unknown_timeframe', `yahoo has no bars of ${timeframe}`);
  if (timeframe === '1h' && calendar === 'xnys')
    throw new SourceError(
      'unknown_timeframe',
      "yahoo's hours begin at 09:30 and not on the hour; take its 30m",
    );
  return windows;
}
