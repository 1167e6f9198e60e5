import { findFirst, findWatermark } from '@aistock/ledger';
import { withStreamLock } from '@aistock/service-kit';
import { SourceError } from '@aistock/venues';
import { decideEarlier } from './decide-earlier.ts';
import { earlierWindowStart } from './earlier-window.ts';
import { fetchWindow } from './fetch-window.ts';
import { ingestResult, type IngestResult } from './ingest-result.ts';
import { told, type IngestKeeper } from './ingest-stream.ts';
import { scheduleOf } from './quality/watched-stream.ts';
import { refuseUnreadable, settleChunk } from './settle-chunk.ts';
import { assertSameFacts } from './stream-facts.ts';
import type { ConfiguredStream } from './stream-spec.ts';

/** Requests for one chunk: a source may give a window in several pages. */
const REQUESTS_MAX = 20;

export interface EarlierRange {
  /** Nothing that opens before this is wanted, Unix ms UTC. */
  readonly sinceMs: number;
  /** From here on the source has been asked already; the stream's first bar where it was not. */
  readonly askedMs: number | undefined;
}

export interface EarlierResult {
  readonly result: IngestResult;
  /** From here on the source has been asked now; as before where the chunk failed. */
  readonly askedMs: number | undefined;
}

/**
 * Takes the chunk right before a stream's first bar, alone on the stream. A window without bars is passed, so that the
 * next call asks for what is before it; where bars come again after it, it is a gap.
 */
export async function ingestEarlier(
  keeper: IngestKeeper,
  stream: ConfiguredStream,
  range: EarlierRange,
): Promise<EarlierResult> {
  let { askedMs } = range;
  const result = await told(stream, () =>
    withStreamLock(keeper.locks, { stream: stream.stream, of: 'bars' }, async () => {
      const firstMs = await findFirst(keeper.db, stream.stream);
      if (firstMs === null) throw new SourceError('source_refused', `${stream.stream} has no first bar yet`);
      const toMs = Math.min(askedMs ?? firstMs, firstMs);
      const fromMs = earlierWindowStart({ ...range, beforeMs: toMs }, stream.chunkBars, scheduleOf(stream));
      const done = await ingestWindow(keeper, stream, { fromMs, toMs, firstMs });
      if (!done.problem) askedMs = fromMs;
      return { ...done, more: fromMs > range.sinceMs };
    }),
  );
  return { result, askedMs };
}

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
  /** Of the stream: bars from here on are there. */
  readonly firstMs: number;
}

async function ingestWindow(
  keeper: IngestKeeper,
  stream: ConfiguredStream,
  { fromMs, toMs, firstMs }: Window,
): Promise<IngestResult> {
  await assertSameFacts(keeper.db, stream);
  const watermarkMs = await findWatermark(keeper.db, stream.stream);
  const { fetched, clockMs } = await fetchWindow(stream, { fromMs, toMs, requestsMax: REQUESTS_MAX });
  if (fetched instanceof SourceError) return refuseUnreadable(keeper, stream, fetched, watermarkMs);
  const faultyShareMax = stream.quality.faulty_share_block;
  const context = { ...scheduleOf(stream), clockMs, beforeMs: firstMs, faultyShareMax };
  const decision = decideEarlier(fetched.bars, context);
  const settled = await settleChunk(keeper, stream, { fetched, decision, watermarkMs, beforeMs: firstMs });
  return settled.status === 'up_to_date'
    ? ingestResult(stream.stream, 'up_to_date', { watermark_ms: watermarkMs })
    : settled;
}
