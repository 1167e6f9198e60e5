import { SourceError, type BarRequest, type FetchedBars } from '@aistock/venues';
import type { ConfiguredStream } from './stream-spec.ts';

/** What a source gave, and the time that bars must have closed by. */
export interface FetchedChunk {
  /** Bytes that could not be read as bars come back as the error that holds them: they are to be kept. */
  readonly fetched: FetchedBars | SourceError;
  /** The source's clock, or the wanted time where that is earlier; Unix ms UTC. */
  readonly clockMs: number;
}

/**
 * Downloads one chunk. No connection to the database is held meanwhile: it may take long.
 * @throws SourceError.
 */
export async function fetchChunk(
  { from, instrument, timeframe }: ConfiguredStream,
  range: Pick<BarRequest, 'sinceMs' | 'limit'>,
  untilMs: number | undefined,
): Promise<FetchedChunk> {
  const judgedBy = (clockMs: number): number => Math.min(clockMs, untilMs ?? clockMs);
  const clockMs = await from.clockMs();
  try {
    const fetched = await from.fetchBars({ instrument, timeframe, ...range });
    return { clockMs: judgedBy(fetched.clockMs ?? clockMs), fetched };
  } catch (error) {
    if (error instanceof SourceError && error.code === 'malformed_data' && error.bytes)
      return { clockMs: judgedBy(clockMs), fetched: error };
    throw error;
  }
}
