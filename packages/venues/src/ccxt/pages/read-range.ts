import { TIMEFRAME_MS, type Bar, type Timeframe } from '@aistock/market';
import type { Exchange } from 'ccxt';
import { SourceError } from '../../bar-source.ts';
import { barValue } from '../../bar-value.ts';
import type { Ask } from '../ask.ts';
import type { Quirks } from '../quirks.ts';
import { readPages, type ReadBars } from './read-pages.ts';

/** Bars a page where ccxt does not tell the exchange's own limit: no exchange is known that gives fewer. */
const PAGE_BARS_UNKNOWN = 100;
const DAY_MS = TIMEFRAME_MS['1d'];

export interface AskedExchange {
  readonly exchange: Exchange;
  readonly quirks: Quirks;
  readonly ask: Ask;
}

export interface BarRange {
  readonly instrument: string;
  readonly timeframe: Timeframe;
  /** Bars that open at this time, Unix ms UTC, and later. */
  readonly fromMs: number;
  /** At most so many bars. */
  readonly limit: number;
  /** The exchange's clock, Unix ms UTC. */
  readonly clockMs: number;
}

/** Bars of an exchange whose markets are loaded. @throws SourceError */
export function readRange(asked: AskedExchange, range: BarRange): Promise<ReadBars> {
  const { instrument, timeframe, fromMs, limit, clockMs } = range;
  return readPages({
    ...pageTerms(asked, range),
    fromMs,
    limit,
    clockMs,
    resumesMs: (emptyMs) =>
      timeframe === '1d' || !Object.hasOwn(asked.exchange.timeframes ?? {}, '1d')
        ? Promise.resolve(undefined)
        : resumesMs(asked, { instrument, emptyMs, clockMs }),
  });
}

/** The first day with bars; the clock where there is none up to now. */
async function resumesMs(
  asked: AskedExchange,
  { instrument, emptyMs, clockMs }: { instrument: string; emptyMs: number; clockMs: number },
): Promise<number> {
  const { bars } = await readPages({
    ...pageTerms(asked, { instrument, timeframe: '1d' }),
    fromMs: Math.floor(emptyMs / DAY_MS) * DAY_MS,
    limit: 1,
    clockMs: (Math.floor(clockMs / DAY_MS) + 1) * DAY_MS, // The day that is still open counts too.
    resumesMs: () => Promise.resolve(undefined),
  });
  return bars[0]?.openMs ?? clockMs;
}

function pageTerms(
  { exchange, quirks, ask }: AskedExchange,
  { instrument, timeframe }: Pick<BarRange, 'instrument' | 'timeframe'>,
) {
  const told: unknown = exchange.featureValue(instrument, 'fetchOHLCV', 'limit');
  return {
    stepMs: TIMEFRAME_MS[timeframe],
    pageBars: typeof told === 'number' && told > 0 ? told : PAGE_BARS_UNKNOWN,
    keptBars: quirks.keptBars,
    earlierBars: quirks.earlierBars,
    ask: async (sinceMs: number, count: number): Promise<Bar[]> => {
      const rows = await ask('asking for bars', () =>
        exchange.fetchOHLCV(instrument, timeframe, sinceMs, count),
      );
      return rows.map(toBar);
    },
  };
}

/** A row of ccxt: open time in ms, then open, high, low, close and volume, here as the exchange's text. */
function toBar([openMs, ...values]: readonly unknown[]): Bar {
  if (typeof openMs !== 'number' || !Number.isSafeInteger(openMs)) {
    throw new SourceError('malformed_data', 'a bar came without its time');
  }
  const valueAt = (column: number): string => {
    const value = values[column];
    return barValue(
      typeof value === 'number' ? String(value) : typeof value === 'string' ? value : null,
      openMs,
    );
  };
  return {
    openMs,
    open: valueAt(0),
    high: valueAt(1),
    low: valueAt(2),
    close: valueAt(3),
    volume: valueAt(4),
  };
}
