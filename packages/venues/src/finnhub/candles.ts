import { dailyOpenMs, TIMEFRAME_MS, type Bar, type Calendar, type Timeframe } from '@aistock/market';
import { z } from 'zod';
import { SourceError } from '../bar-source.ts';
import { barValue } from '../bar-value.ts';
import { readAs } from '../http/web-client.ts';

const Values = z.array(z.string().nullable());
const Candles = z.discriminatedUnion('s', [
  z.object({ s: z.literal('no_data') }),
  z.object({
    s: z.literal('ok'),
    t: z.array(z.string().regex(/^\d{1,12}$/)),
    o: Values,
    h: Values,
    l: Values,
    c: Values,
    v: Values,
  }),
]);

const DAY_MS = TIMEFRAME_MS['1d'];

/**
 * The bars of an answer. Finnhub names a daily bar by 00:00 of its day, of some markets in UTC and of some on the clock of
 * New York: both are that day in UTC, which is named here as the calendar does.
 * @throws SourceError `malformed_data`.
 */
export function readCandles(
  body: unknown,
  { timeframe, calendar }: { readonly timeframe: Timeframe; readonly calendar: Calendar },
): Bar[] {
  const candles = readAs(Candles, body, 'finnhub');
  if (candles.s === 'no_data') return [];
  const { t: times, o, h, l, c, v } = candles;
  if ([o, h, l, c, v].some((values) => values.length !== times.length))
    throw new SourceError('malformed_data', 'finnhub sent columns of different lengths');
  return times.map((seconds, row) => {
    const timeMs = Number(seconds) * 1000;
    const openMs = timeframe === '1d' ? dailyOpenMs(Math.floor(timeMs / DAY_MS) * DAY_MS, calendar) : timeMs;
    return {
      openMs,
      open: barValue(o[row], openMs),
      high: barValue(h[row], openMs),
      low: barValue(l[row], openMs),
      close: barValue(c[row], openMs),
      volume: barValue(v[row], openMs),
    };
  });
}
