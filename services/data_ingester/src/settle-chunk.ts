import { formatCsvBars, type Bar } from '@aistock/market';
import { SourceError, type FetchedBars } from '@aistock/venues';
import type { ChunkDecision } from './decide-chunk.ts';
import { ingestResult, toWireGaps, toWireRejections, type IngestResult } from './ingest-result.ts';
import { keepChunk, type Keeper, type SoundChunk } from './keep-chunk.ts';
import { quarantineChunk, type RefusedChunk } from './quarantine-chunk.ts';
import type { ConfiguredStream } from './stream-spec.ts';

/** A chunk and what is to be done with it. */
export interface DecidedChunk {
  readonly fetched: FetchedBars;
  readonly decision: ChunkDecision;
  /** Open time of the last registered bar, Unix ms; null where there is none. */
  readonly watermarkMs: number | null;
  /** Open time of the first registered bar, where the chunk goes before it. */
  readonly beforeMs?: number;
}

/** Registers a chunk, or keeps it aside with what is wrong with it, and tells which. */
export async function settleChunk(
  keeper: Keeper,
  stream: ConfiguredStream,
  { fetched, decision, watermarkMs, beforeMs }: DecidedChunk,
): Promise<IngestResult> {
  const told = {
    fetched: fetched.bars.length,
    rejected: toWireRejections(decision.rejected),
    unserved: (fetched.unserved ?? []).map(({ fromMs, toMs, why }) => ({
      from_ms: fromMs,
      to_ms: toMs,
      why,
    })),
    watermark_ms: watermarkMs,
    // Behind a bar that is still open there are only more open ones.
    more: fetched.more && !decision.rejected.some(({ reason }) => reason === 'open_bar'),
  };
  const { source, provenance: origins } = fetched;
  if (decision.kind === 'nothing_new') return ingestResult(stream.stream, 'up_to_date', told);
  if (decision.kind === 'quarantine') {
    const { code, detail } = decision;
    const bytes = Buffer.from(formatCsvBars(fetched.bars));
    await quarantineChunk(keeper, stream, { ...decision, source, origins, bytes, ...rangeOf(fetched.bars) });
    return ingestResult(stream.stream, 'quarantined', { ...told, problem: { code, detail } });
  }
  const { bars, gaps, rejected } = decision;
  const { actions } = fetched;
  const chunk = { bars, gaps, rejected, watermarkMs, beforeMs, source, origins, actions };
  const { file, registered } = await keepChunk(keeper, stream, chunk);
  if (registered) keeper.onRegistered?.({ stream, source: fetched.source, sinceMs: sinceOf(chunk), bars });
  const range = { first_open_ms: bars[0]!.openMs, last_open_ms: bars.at(-1)!.openMs };
  return ingestResult(stream.stream, 'ingested', {
    ...told,
    accepted: bars.length,
    gaps: toWireGaps(gaps),
    file: { file_id: file.file_id, sha256: file.sha256, rows: bars.length, ...range },
    watermark_ms: beforeMs === undefined ? range.last_open_ms : watermarkMs,
  });
}

/** What bars of the chunk are missing from: the one after the last that was there, where it follows that one. */
function sinceOf({ bars, watermarkMs, beforeMs }: SoundChunk): number {
  const firstMs = bars[0]?.openMs ?? 0;
  return watermarkMs === null || beforeMs !== undefined ? firstMs : watermarkMs + 1;
}

/** Keeps what could not be read as bars. */
export async function refuseUnreadable(
  keeper: Keeper,
  stream: ConfiguredStream,
  error: SourceError,
  watermarkMs: number | null,
): Promise<IngestResult> {
  const problem = { code: error.code, detail: error.message };
  const bytes = error.bytes ?? new Uint8Array();
  const nothing = { rows: 0, firstOpenMs: null, lastOpenMs: null, rejected: [] };
  const from = { source: stream.source, origins: error.answers };
  await quarantineChunk(keeper, stream, { ...nothing, ...problem, ...from, bytes });
  return ingestResult(stream.stream, 'quarantined', { watermark_ms: watermarkMs, problem });
}

/** Of bars in any order, whose times may be wrong. */
function rangeOf(bars: readonly Bar[]): Pick<RefusedChunk, 'rows' | 'firstOpenMs' | 'lastOpenMs'> {
  const opens = bars.map((bar) => bar.openMs).toSorted((a, b) => a - b);
  return { rows: bars.length, firstOpenMs: opens[0] ?? null, lastOpenMs: opens.at(-1) ?? null };
}
