import { expectedOpenBefore, TIMEFRAME_MS, type Bar } from '@aistock/market';
import type { BarRequest, FetchedBars } from '@aistock/venues';
import type { ConfiguredStream } from '../stream-spec.ts';
import { scheduleOf } from './watched-stream.ts';

type AskedStream = Pick<
  ConfiguredStream,
  'timeframe' | 'calendar' | 'facts' | 'quality' | 'startMs' | 'chunkBars' | 'fromFile'
>;

/** The open time of the first of the last registered bars that are asked for once more; undefined where none are. */
export function overlapFrom(stream: AskedStream, watermarkMs: number): number | undefined {
  const { restate_bars: bars } = stream.quality;
  return bars === 0 ? undefined : expectedOpenBefore(watermarkMs + 1, bars, scheduleOf(stream));
}

/**
 * What to ask a source for: new bars and, in the same request, the last registered ones once more, which it may have
 * restated. While the stream is far behind, new ones only. A file is not asked here: it is read again as a whole.
 */
export function requestSince(
  stream: AskedStream,
  watermarkMs: number | null,
  nowMs: number,
): Pick<BarRequest, 'sinceMs' | 'limit'> {
  const { chunkBars, timeframe, startMs, fromFile } = stream;
  if (watermarkMs === null) return { sinceMs: startMs, limit: chunkBars };
  const farBehind = nowMs - watermarkMs > chunkBars * TIMEFRAME_MS[timeframe];
  const overlapMs = fromFile || farBehind ? undefined : overlapFrom(stream, watermarkMs);
  if (overlapMs === undefined) return { sinceMs: watermarkMs + 1, limit: chunkBars };
  // At least one new bar fits in, whatever the size of a chunk.
  return { sinceMs: overlapMs, limit: Math.max(chunkBars, stream.quality.restate_bars + 1) };
}

/** Tells the bars of an answer that are new from those that are registered. What has no valid time is new, and refused. */
export function splitAt(
  fetched: FetchedBars,
  sinceMs: number | undefined,
  watermarkMs: number | null,
): { readonly next: FetchedBars; readonly again: readonly Bar[] } {
  if (watermarkMs === null || sinceMs === undefined || sinceMs > watermarkMs)
    return { next: fetched, again: [] };
  const isOld = ({ openMs }: Bar): boolean => openMs <= watermarkMs;
  return {
    next: { ...fetched, bars: fetched.bars.filter((bar) => !isOld(bar)) },
    again: fetched.bars.filter(isOld),
  };
}
