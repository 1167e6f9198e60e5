import { SourceError } from '@aistock/venues';
import type { IngestResult } from './ingest-result.ts';
import type { ConfiguredStream } from './stream-spec.ts';

export interface FoundStart {
  /** Undefined where the source could not be asked. */
  readonly startMs: number | undefined;
  readonly problem: IngestResult['problem'];
}

/** Asks a source for the first bars from a time on: an instrument may have been listed later. */
export async function findStart(
  { from, instrument, timeframe, chunkBars }: ConfiguredStream,
  sinceMs: number,
): Promise<FoundStart> {
  try {
    const { bars, more } = await from.fetchBars({ instrument, timeframe, sinceMs, limit: chunkBars });
    const firstMs = Math.min(...bars.map(({ openMs }) => openMs));
    return { startMs: bars.length === 0 && more ? sinceMs : firstMs, problem: null };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { startMs: undefined, problem: { code: error.code, detail: error.message } };
  }
}
