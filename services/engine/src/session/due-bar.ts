import { closeMs, expectedOpens } from '@aistock/market';
import type { MarketStream } from '../market-stream.ts';

/** How far ahead the next bar of a stream is looked for: the longest that a market is closed, and more. */
const AHEAD_MS = 30 * 86_400_000;

/**
 * When the first bar after a bar should have closed, Unix ms; undefined where the calendar expects none.
 * @param lastOpenMs open time of the bar.
 */
export function nextCloseMs(stream: MarketStream, lastOpenMs: number): number | undefined {
  const { timeframe, calendar } = stream;
  const [openMs] = expectedOpens(lastOpenMs + 1, lastOpenMs + AHEAD_MS, { timeframe, calendar });
  return openMs === undefined ? undefined : closeMs(openMs, timeframe, calendar);
}
