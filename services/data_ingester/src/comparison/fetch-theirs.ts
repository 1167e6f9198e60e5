import { checkBars, type Bar } from '@aistock/market';
import type { ConfiguredStream, Comparison } from '../stream-spec.ts';
import type { RegisteredChunk } from './registered-chunk.ts';

/** Requests for bars that one chunk is worth. */
const PAGES_MAX = 20;

/**
 * The sound, closed bars that another source has for the time of a chunk, in order.
 * @throws SourceError.
 */
export async function fetchTheirs(
  { against }: Comparison,
  { instrument, timeframe, calendar }: ConfiguredStream,
  { bars, sinceMs }: RegisteredChunk,
): Promise<Bar[]> {
  const clockMs = await against.clockMs();
  const lastMs = bars.at(-1)?.openMs ?? sinceMs;
  const found: Bar[] = [];
  for (let page = 0, fromMs = sinceMs; page < PAGES_MAX && fromMs <= lastMs; page++) {
    const request = { instrument, timeframe, sinceMs: fromMs, limit: bars.length };
    const { bars: fetched, more } = await against.fetchBars(request);
    found.push(...fetched);
    const reachedMs = fetched.at(-1)?.openMs ?? -1;
    if (!more || reachedMs < fromMs) break;
    fromMs = reachedMs + 1;
  }
  const { accepted } = checkBars(found, { timeframe, calendar, clockMs, watermarkMs: null });
  return accepted.filter(({ openMs }) => openMs >= sinceMs);
}
