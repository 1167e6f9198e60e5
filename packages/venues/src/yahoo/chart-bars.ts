import {
  dailyOpenMs,
  isSessionOpen,
  TIMEFRAME_MS,
  type Bar,
  type Calendar,
  type Timeframe,
} from '@aistock/market';
import { SourceError } from '../bar-source.ts';
import { barValue } from '../bar-value.ts';
import type { Chart } from './chart.ts';
import { floatText } from './float-text.ts';
import { localDayUtcMs } from './local-day.ts';

export interface ChartTerms {
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
}

const COLUMNS = ['open', 'high', 'low', 'close', 'volume'] as const;

/**
 * The bars of a chart. Yahoo names a daily bar by the opening of its exchange: here by the day of that exchange, as the
 * calendar names it. A row without any value is a time without a bar. Rows that are no bars are left out: the last one,
 * where it is what the market says just now, and the price of a close.
 * @throws SourceError `malformed_data`, also where values came without their times.
 */
export function chartBars(chart: Chart, terms: ChartTerms): Bar[] {
  const times = chart.timestamp ?? [];
  const [quote] = chart.indicators.quote;
  for (const column of COLUMNS) {
    const values = quote?.[column]?.length ?? 0;
    if (values !== times.length)
      throw new SourceError(
        'malformed_data',
        `yahoo sent ${times.length} times and ${values} values of ${column}`,
      );
  }
  return times.flatMap((timeMs, row) => {
    const values = COLUMNS.map((column) => quote?.[column]?.[row] ?? null);
    const isLive = row === times.length - 1 && isLiveRow(timeMs, chart, terms.timeframe);
    if (isLive || isCloseRow(timeMs, terms) || values.every((value) => value === null)) return [];
    const openMs = openOf(timeMs, chart, terms);
    const [open, high, low, close, volume] = values;
    return [
      {
        openMs,
        open: priceOf(open, openMs),
        high: priceOf(high, openMs),
        low: priceOf(low, openMs),
        close: priceOf(close, openMs),
        volume: barValue(volume, openMs),
      },
    ];
  });
}

/**
 * Such a row has the time of the last trade, which is not the start of a bar. That time may be months old for a fund, so
 * that a row after it says nothing.
 */
function isLiveRow(timeMs: number, chart: Chart, timeframe: Timeframe): boolean {
  if (timeMs === chart.meta.regularMarketTime) return true;
  return timeframe !== '1d' && timeMs % TIMEFRAME_MS[timeframe] !== 0;
}

/**
 * Yahoo may add a row without volume at the moment of the close, the price of the closing auction; on short days it does
 * so as a rule (github.com/ranaroussi/yfinance, pull requests 1311 and 2806).
 */
function isCloseRow(timeMs: number, { timeframe, calendar }: ChartTerms): boolean {
  if (timeframe === '1d' || calendar !== 'xnys') return false;
  return isSessionOpen('xnys', timeMs - 1) && !isSessionOpen('xnys', timeMs);
}

function priceOf(value: string | null | undefined, openMs: number): string {
  return barValue(value && floatText(value), openMs);
}

/** By which a row or an event is named: a day by that of its exchange. */
export function openOf(timeMs: number, chart: Chart, { timeframe, calendar }: ChartTerms): number {
  if (timeframe !== '1d') return timeMs;
  return dailyOpenMs(localDayUtcMs(timeMs, chart.meta.exchangeTimezoneName), calendar);
}
