import type { Db } from '@aistock/database';
import { findWatermark, RegistrationRefused } from '@aistock/ledger';
import { ServiceError, withStreamLock } from '@aistock/service-kit';
import { SourceError } from '@aistock/venues';
import { decideChunk } from './decide-chunk.ts';
import { fetchChunk } from './fetch-chunk.ts';
import { ingestResult, type IngestResult } from './ingest-result.ts';
import type { Keeper } from './keep-chunk.ts';
import { refuseUnreadable, settleChunk } from './settle-chunk.ts';
import { requestSince, splitAt } from './quality/overlap.ts';
import { againOf } from './quality/take-again.ts';
import { tendStream } from './quality/tend-stream.ts';
import { scheduleOf } from './quality/watched-stream.ts';
import { assertSameFacts } from './stream-facts.ts';
import type { ConfiguredStream } from './stream-spec.ts';

/** Where files and records go, and what holds a stream while it is worked on. */
export interface IngestKeeper extends Keeper {
  /** A pool of its own for the locks of streams. */
  readonly locks: Db;
}

/**
 * Takes the next chunk of a stream, alone on the stream. What is wrong with the source or its bars is told in the
 * result; what is wrong with our own disk or database is thrown.
 * @param untilMs - where the clock is to be thought to stand, Unix ms UTC; the source's own where that is earlier.
 */
export async function ingestStream(
  keeper: IngestKeeper,
  stream: ConfiguredStream,
  untilMs: number | undefined,
): Promise<IngestResult> {
  return told(stream, () =>
    withStreamLock(keeper.locks, { stream: stream.stream, of: 'bars' }, () =>
      ingestNext(keeper, stream, untilMs),
    ),
  );
}

/** Runs work on a stream; failures that are not our own become its result. */
export async function told(
  { stream }: ConfiguredStream,
  work: () => Promise<IngestResult>,
): Promise<IngestResult> {
  try {
    return await work();
  } catch (error) {
    const problem = failure(error);
    if (problem === undefined) throw error;
    return ingestResult(stream, 'failed', { problem });
  }
}

const STREAM_PROBLEMS: readonly string[] = ['stream_busy', 'stream_facts_changed'];

function failure(error: unknown): IngestResult['problem'] | undefined {
  const known =
    error instanceof SourceError ||
    error instanceof RegistrationRefused ||
    (error instanceof ServiceError && STREAM_PROBLEMS.includes(error.code));
  return known ? { code: error.code, detail: error.message } : undefined;
}

async function ingestNext(
  keeper: Keeper,
  stream: ConfiguredStream,
  untilMs: number | undefined,
): Promise<IngestResult> {
  await assertSameFacts(keeper.db, stream);
  const watermarkMs = await findWatermark(keeper.db, stream.stream);
  const request = requestSince(stream, watermarkMs, untilMs ?? keeper.clock.nowMs());
  const { fetched, clockMs } = await fetchChunk(stream, request, untilMs);
  if (fetched instanceof SourceError) return refuseUnreadable(keeper, stream, fetched, watermarkMs);
  if (fetched.bars.length === 0 && watermarkMs === null)
    throw new SourceError('source_unreachable', `${stream.stream} has no bars at its source`);

  const { next, again } = splitAt(fetched, request.sinceMs, watermarkMs);
  const faultyShareMax = stream.quality.faulty_share_block;
  const context = { ...scheduleOf(stream), clockMs, watermarkMs, faultyShareMax };
  const decision = decideChunk(next.bars, context);
  const result = await settleChunk(keeper, stream, { fetched: next, decision, watermarkMs });
  if (watermarkMs === null || result.more || result.status === 'quarantined') return result;
  const given = { ...againOf(fetched), bars: again, clockMs };
  return { ...result, revision_problem: await tendStream(keeper, stream, { watermarkMs, again: given }) };
}
