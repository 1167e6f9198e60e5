import { TIMEFRAME_MS, type Calendar, type Timeframe } from '@aistock/market';
import { z } from 'zod';
import { SourceError, type BarRequest, type BarSource } from '../bar-source.ts';
import { readWindows, type Windows, type WindowsRead } from '../http/read-windows.ts';
import { readAs } from '../http/web-client.ts';
import { readCandles } from './candles.ts';
import { finnhubClient, type FinnhubTerms } from './finnhub-client.ts';

const DAY_MS = TIMEFRAME_MS['1d'];
/** What the free plan keeps of intraday bars, and gives at once. */
const INTRADAY: Windows = { windowMs: 30 * DAY_MS, historyMs: 365 * DAY_MS };
const DAILY: Windows = { windowMs: 3_650 * DAY_MS, historyMs: Infinity };
/** It has no 4h. */
const RESOLUTIONS: Readonly<Partial<Record<Timeframe, string>>> = {
  '1m': '1',
  '5m': '5',
  '15m': '15',
  '30m': '30',
  '1h': '60',
  '1d': 'D',
};

/** The same with what bars need besides. */
export interface FinnhubSourceTerms extends FinnhubTerms {
  /** The calendar of an instrument: how its daily bars are named. */
  readonly calendarOf: (instrument: string) => Calendar;
  /** Whose bars of a pair are given, by Finnhub's name; `BINANCE` unless told. */
  readonly cryptoExchange?: string;
}

/**
 * Candles of Finnhub: stocks, such as `AAPL`, adjusted for splits; and pairs of one crypto exchange, such as `BTC/USDT`.
 * The free plan has 60 requests a minute.
 */
export function finnhubSource(terms: FinnhubSourceTerms): BarSource {
  const client = finnhubClient(terms);
  const known = new Set<string>();

  let isClockKnown = false;
  const clockMs = async (): Promise<number> => {
    if (!isClockKnown) await client.ask('/stock/market-status', { exchange: 'US' });
    isClockKnown = true;
    return client.clockMs();
  };

  const read = async (request: BarRequest, resolution: string): Promise<WindowsRead> => {
    const { instrument, timeframe, limit } = request;
    const { path, symbol } = marketOf(instrument, terms.cryptoExchange ?? 'BINANCE');
    const calendar = terms.calendarOf(instrument);
    const nowMs = await clockMs();
    const sinceMs = request.sinceMs ?? nowMs - limit * TIMEFRAME_MS[timeframe];
    const windows = timeframe === '1d' ? DAILY : INTRADAY;
    const found = await readWindows({ sinceMs, nowMs, limit }, windows, async (fromMs, toMs) => {
      const body = await client.ask(path, {
        symbol,
        resolution,
        // A day that is named by 00:00 in New York came with 00:00 UTC, which is before it.
        from: Math.floor((timeframe === '1d' ? fromMs - DAY_MS : fromMs) / 1000),
        to: Math.ceil(toMs / 1000),
      });
      return readCandles(body, { timeframe, calendar });
    });
    if (found.bars.length === 0 && !known.has(instrument)) await assertExists(client.ask, symbol);
    known.add(instrument);
    return found;
  };

  return {
    name: 'finnhub',
    tradesOnly: false,
    facts: { adjustment: 'split' },
    clockMs,
    fetchBars: async (request) => {
      const resolution = RESOLUTIONS[request.timeframe];
      if (resolution === undefined)
        throw new SourceError('unknown_timeframe', `finnhub has no bars of ${request.timeframe}`);
      const { result, answers, clockMs: judgedMs } = await client.record(() => read(request, resolution));
      return { source: 'finnhub', ...result, clockMs: judgedMs, provenance: answers };
    },
  };
}

function marketOf(instrument: string, cryptoExchange: string): { path: string; symbol: string } {
  const pair = instrument.split('/');
  return pair.length === 1
    ? { path: '/stock/candle', symbol: instrument }
    : { path: '/crypto/candle', symbol: `${cryptoExchange}:${pair.join('')}` };
}

const Quote = z.object({ t: z.string() });

/** Of a name that it does not have Finnhub gives no data, as of one without a trade; its quote is of the time 0. */
async function assertExists(ask: ReturnType<typeof finnhubClient>['ask'], symbol: string): Promise<void> {
  const { t } = readAs(Quote, await ask('/quote', { symbol }), 'finnhub');
  if (Number(t) === 0) throw new SourceError('unknown_instrument', `finnhub has no ${symbol}`);
}
