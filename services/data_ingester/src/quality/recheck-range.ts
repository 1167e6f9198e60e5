import { countExpectedBars } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import type { dataIngesterApi, Output, Parsed } from '@aistock/shared';
import { SourceError, type FetchedBars } from '@aistock/venues';
import { fetchChunk } from '../fetch-chunk.ts';
import { toWireRejections } from '../ingest-result.ts';
import type { Keeper } from '../keep-chunk.ts';
import type { ConfiguredStream } from '../stream-spec.ts';
import { takeAgain, type BarsAgain } from './take-again.ts';
import { scheduleOf } from './watched-stream.ts';

type Range = Parsed<typeof dataIngesterApi.recheck>['body'];

/** One call asks for no more than this. */
const BARS_MAX = 10_000;
const PAGES_MAX = 100;

/**
 * Asks the source again for all bars of a range and registers what differs.
 * @throws ServiceError 422 `range_too_long`; 502 with the source's code where it does not answer.
 */
export async function recheckRange(
  keeper: Keeper,
  stream: ConfiguredStream,
  range: Range,
): Promise<Output<typeof dataIngesterApi.recheck>> {
  const expected = countExpectedBars(range.from_ms, range.to_ms, scheduleOf(stream));
  if (expected > BARS_MAX)
    throw new ServiceError(
      'range_too_long',
      422,
      `the range expects ${expected} bars; at most ${BARS_MAX} are asked for at once`,
      { fields: [{ field: 'body.to_ms', message: `must leave at most ${BARS_MAX} bars` }] },
    );
  const taken = await takeAgain(keeper, stream, await fetchRange(stream, range));
  const file = taken.kept?.file;
  return {
    stream: stream.stream,
    compared: taken.compared,
    restated: taken.restated,
    late: taken.late,
    rejected: toWireRejections(taken.rejected),
    file: file
      ? { file_id: file.file_id, sha256: file.sha256, rows: file.rows, revision: file.revision }
      : null,
  };
}

async function fetchRange(stream: ConfiguredStream, range: Range): Promise<BarsAgain> {
  const pages: FetchedBars[] = [];
  let clockMs = Infinity;
  let sinceMs = range.from_ms;
  for (let page = 0; page < PAGES_MAX && sinceMs < range.to_ms; page++) {
    const { fetched, clockMs: pageClockMs } = await fetchPage(stream, sinceMs);
    clockMs = Math.min(clockMs, pageClockMs);
    pages.push(fetched);
    const lastMs = fetched.bars.reduce((last, { openMs }) => Math.max(last, openMs), -1);
    if (!fetched.more || lastMs < sinceMs) break;
    sinceMs = lastMs + 1;
  }
  return {
    bars: pages.flatMap(({ bars }) =>
      bars.filter(({ openMs }) => openMs >= range.from_ms && openMs < range.to_ms),
    ),
    clockMs,
    source: pages[0]?.source ?? stream.source,
    origins: pages.flatMap(({ provenance }) => provenance),
    actions: pages.flatMap(({ actions }) => actions ?? []),
  };
}

async function fetchPage(stream: ConfiguredStream, sinceMs: number) {
  try {
    const { fetched, clockMs } = await fetchChunk(stream, { sinceMs, limit: stream.chunkBars }, undefined);
    if (fetched instanceof SourceError) throw fetched;
    return { fetched, clockMs };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new ServiceError(error.code, 502, error.message, { cause: error });
  }
}
