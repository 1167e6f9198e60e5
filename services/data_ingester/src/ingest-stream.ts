import { findWatermark, RegistrationRefused } from '@aistock/ledger';
import { formatCsvBars, type Bar } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import { SourceError, type FetchedBars } from '@aistock/venues';
import { decideChunk, type ChunkDecision } from './decide-chunk.ts';
import { ingestResult, toWireGaps, toWireRejections, type IngestResult } from './ingest-result.ts';
import { keepChunk, quarantineChunk, type Keeper, type RefusedChunk } from './keep-chunk.ts';
import { withStreamLock } from './stream-lock.ts';
import type { ConfiguredStream } from './stream-spec.ts';

export interface IngestTerms {
  /** At most so many rows of the source in one chunk. */
  readonly chunkBars: number;
  /** The share of faulty bars above which a whole chunk is refused. */
  readonly faultyShareMax: number;
  /** Where the clock is to be thought to stand, Unix ms UTC; the source's own where that is earlier. */
  readonly untilMs: number | undefined;
}

/**
 * Takes the next chunk of a stream, alone on the stream. What is wrong with the source or its bars is told in the
 * result; what is wrong with our own disk or database is thrown.
 */
export async function ingestStream(
  keeper: Keeper,
  stream: ConfiguredStream,
  terms: IngestTerms,
): Promise<IngestResult> {
  try {
    return await withStreamLock(keeper.db, stream.stream, (session) =>
      ingestNext({ ...keeper, db: session }, stream, terms),
    );
  } catch (error) {
    const problem = failure(error);
    if (problem === undefined) throw error;
    return ingestResult(stream.stream, 'failed', { problem });
  }
}

function failure(error: unknown): IngestResult['problem'] | undefined {
  const known =
    error instanceof SourceError ||
    error instanceof RegistrationRefused ||
    (error instanceof ServiceError && error.code === 'stream_busy');
  return known ? { code: error.code, detail: error.message } : undefined;
}

async function ingestNext(
  keeper: Keeper,
  stream: ConfiguredStream,
  terms: IngestTerms,
): Promise<IngestResult> {
  const watermarkMs = await findWatermark(keeper.db, stream.stream);
  const clockMs = Math.min(await stream.from.clockMs(), terms.untilMs ?? Number.MAX_SAFE_INTEGER);
  const fetched = await fetchNext(stream, watermarkMs, terms.chunkBars);
  if (fetched instanceof SourceError) return refuseUnreadable(keeper, stream, fetched, watermarkMs);
  if (fetched.bars.length === 0 && watermarkMs === null)
    throw new SourceError('source_unreachable', `${stream.stream} has no bars at its source`);

  const { timeframe, calendar } = stream;
  const { faultyShareMax } = terms;
  const decision = decideChunk(fetched.bars, { timeframe, calendar, clockMs, watermarkMs, faultyShareMax });
  return act(keeper, stream, { fetched, decision, watermarkMs });
}

/** Bytes that could not be read as bars come back as the error that holds them: they are to be kept. */
async function fetchNext(
  { from, instrument, timeframe, startMs }: ConfiguredStream,
  watermarkMs: number | null,
  limit: number,
): Promise<FetchedBars | SourceError> {
  const sinceMs = watermarkMs === null ? startMs : watermarkMs + 1;
  try {
    return await from.fetchBars({ instrument, timeframe, sinceMs, limit });
  } catch (error) {
    if (error instanceof SourceError && error.code === 'malformed_data' && error.bytes) return error;
    throw error;
  }
}

interface Decided {
  readonly fetched: FetchedBars;
  readonly decision: ChunkDecision;
  readonly watermarkMs: number | null;
}

async function act(
  keeper: Keeper,
  stream: ConfiguredStream,
  { fetched, decision, watermarkMs }: Decided,
): Promise<IngestResult> {
  const told = {
    fetched: fetched.bars.length,
    rejected: toWireRejections(decision.rejected),
    watermark_ms: watermarkMs,
    // Behind a bar that is still open there are only more open ones.
    more: fetched.more && !decision.rejected.some(({ reason }) => reason === 'open_bar'),
  };
  if (decision.kind === 'nothing_new') return ingestResult(stream.stream, 'up_to_date', told);
  if (decision.kind === 'quarantine') {
    const { code, detail } = decision;
    const bytes = Buffer.from(formatCsvBars(fetched.bars));
    await quarantineChunk(keeper, stream, { ...decision, bytes, ...rangeOf(fetched.bars) });
    return ingestResult(stream.stream, 'quarantined', { ...told, problem: { code, detail } });
  }
  const { bars, gaps, rejected } = decision;
  const origins = fetched.provenance.map(({ origin, sha256 }) => ({ origin, sha256 }));
  const { file } = await keepChunk(keeper, stream, { bars, gaps, rejected, watermarkMs, origins });
  const range = { first_open_ms: bars[0]!.openMs, last_open_ms: bars.at(-1)!.openMs };
  return ingestResult(stream.stream, 'ingested', {
    ...told,
    accepted: bars.length,
    gaps: toWireGaps(gaps),
    file: { file_id: file.file_id, sha256: file.sha256, rows: bars.length, ...range },
    watermark_ms: range.last_open_ms,
  });
}

async function refuseUnreadable(
  keeper: Keeper,
  stream: ConfiguredStream,
  error: SourceError,
  watermarkMs: number | null,
): Promise<IngestResult> {
  const problem = { code: error.code, detail: error.message };
  const bytes = error.bytes ?? new Uint8Array();
  const nothing = { rows: 0, firstOpenMs: null, lastOpenMs: null, rejected: [] };
  await quarantineChunk(keeper, stream, { ...nothing, ...problem, bytes });
  return ingestResult(stream.stream, 'quarantined', { watermark_ms: watermarkMs, problem });
}

/** Of bars in any order, whose times may be wrong. */
function rangeOf(bars: readonly Bar[]): Pick<RefusedChunk, 'rows' | 'firstOpenMs' | 'lastOpenMs'> {
  const opens = bars.map((bar) => bar.openMs).toSorted((a, b) => a - b);
  return { rows: bars.length, firstOpenMs: opens[0] ?? null, lastOpenMs: opens.at(-1) ?? null };
}
