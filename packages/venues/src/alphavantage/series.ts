import { dailyOpenMs, type Bar, type Calendar } from '@aistock/market';
import { z } from 'zod';
import { SourceError } from '../bar-source.ts';
import { barValue } from '../bar-value.ts';
import { readAs } from '../http/web-client.ts';

const TIME_ZONES: ReadonlySet<string> = new Set(['US/Eastern', 'America/New_York']);
const TIME = /^(\d{4}-\d{2}-\d{2})(?: ([01]\d|2[0-3]):([0-5]\d):00)?$/;
const MINUTE_MS = 60_000;

const Refusal = z.object({
  Note: z.string().optional(),
  Information: z.string().optional(),
  'Error Message': z.string().optional(),
});
const Row = z.object({
  '1. open': z.string(),
  '2. high': z.string(),
  '3. low': z.string(),
  '4. close': z.string(),
  '5. volume': z.string(),
});
const MetaData = z.object({ 'Meta Data': z.record(z.string(), z.string()) });
const Series = z.record(z.string().regex(TIME), Row);

interface SeriesTerms {
  /** What was asked for. */
  readonly instrument: string;
  /** What the series is called there, such as `Daily` or `5min`. */
  readonly interval: string;
  readonly calendar: Calendar;
}

/**
 * The bars of an answer, oldest first. Times there are of New York; a bar has the time of its open.
 * @throws SourceError `rate_limited`, `source_refused`, `unknown_instrument`: these come with status 200 and no bars;
 *   `malformed_data`, also where the series is not the one that was asked for.
 */
export function readSeries(body: unknown, { instrument, interval, calendar }: SeriesTerms): Bar[] {
  throwRefusal(body);
  const meta = readAs(MetaData, body, 'alphavantage')['Meta Data'];
  const timeZone = Object.entries(meta).find(([name]) => name.endsWith('Time Zone'))?.[1] ?? '';
  if (!TIME_ZONES.has(timeZone))
    throw new SourceError(
      'malformed_data',
      `alphavantage tells times of "${timeZone}" instead of US/Eastern`,
    );
  const symbol = meta['2. Symbol'] ?? instrument;
  if (symbol.toUpperCase() !== instrument.toUpperCase())
    throw new SourceError('malformed_data', `alphavantage was asked for ${instrument} and gave ${symbol}`);
  const name = `Time Series (${interval})`;
  return Object.entries(readAs(z.object({ [name]: Series }), body, 'alphavantage')[name]!)
    .map(([time, row]) => barOf(time, row, calendar))
    .toSorted((a, b) => a.openMs - b.openMs);
}

function barOf(time: string, row: z.output<typeof Row>, calendar: Calendar): Bar {
  const openMs = openOf(time, calendar);
  return {
    openMs,
    open: barValue(row['1. open'], openMs),
    high: barValue(row['2. high'], openMs),
    low: barValue(row['3. low'], openMs),
    close: barValue(row['4. close'], openMs),
    volume: barValue(row['5. volume'], openMs),
  };
}

/** The clock changes on Sundays only, so that hours after midnight add up on every trading day. */
function openOf(time: string, calendar: Calendar): number {
  const [, day = '', hour, minute] = TIME.exec(time) ?? [];
  const dayUtcMs = Date.parse(day);
  if (Number.isNaN(dayUtcMs)) throw new SourceError('malformed_data', `alphavantage has a bar of ${time}`);
  if (hour === undefined) return dailyOpenMs(dayUtcMs, calendar);
  return dailyOpenMs(dayUtcMs, 'xnys') + (Number(hour) * 60 + Number(minute)) * MINUTE_MS;
}

/** How long to stay away, which it does not say; nor when its day begins. A burst is told together with the day's limit. */
const BURST = /per (?:second|minute)/i;
const BURST_RETRY_MS = 60_000;
const DAY_RETRY_MS = 3_600_000;
/** What is said of limits; everything else that is said is of plans and keys. The texts hold the key: none is passed on. */
const LIMIT = /rate limit|call frequency|requests? per (?:day|minute|second)/i;

function throwRefusal(body: unknown): void {
  const {
    Note: note,
    Information: information,
    'Error Message': fault,
  } = readAs(Refusal, body, 'alphavantage');
  if (note !== undefined || LIMIT.test(information ?? ''))
    throw new SourceError('rate_limited', 'alphavantage has answered as often as its plan allows', {
      retryAfterMs: BURST.test(note ?? information ?? '') ? BURST_RETRY_MS : DAY_RETRY_MS,
    });
  if (information !== undefined || /api ?key/i.test(fault ?? ''))
    throw new SourceError('source_refused', 'alphavantage does not serve this key, or not with this plan');
  if (fault !== undefined)
    throw new SourceError('unknown_instrument', 'alphavantage cannot answer: it has no such instrument');
}
