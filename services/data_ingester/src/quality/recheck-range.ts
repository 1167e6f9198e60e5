import { countExpectedBars } from '@aistock/market';
import { ServiceError, withStreamLock } from '@aistock/service-kit';
import type { dataIngesterApi, Output, Parsed } from '@aistock/shared';
import { SourceError } from '@aistock/venues';
import { fetchWindow } from '../fetch-window.ts';
import { toWireRejections } from '../ingest-result.ts';
import type { IngestKeeper } from '../ingest-stream.ts';
import type { Keeper } from '../keep-chunk.ts';
import type { ConfiguredStream } from '../stream-spec.ts';
import { againOf, takeAgain, type BarsAgain } from './take-again.ts';
import { scheduleOf } from './watched-stream.ts';

type Range = Parsed<typeof dataIngesterApi.recheck>['body'];

/** One call asks for no more than this. */
const BARS_MAX = 10_000;
const REQUESTS_MAX = 100;

/** Rechecks a range alone on the stream. @throws as {@link recheckRange}, and 503 `stream_busy`. */
export function recheckStream(
  keeper: IngestKeeper,
  stream: ConfiguredStream,
  range: Range,
): ReturnType<typeof recheckRange> {
  return withStreamLock(keeper.locks, { stream: stream.stream, of: 'bars' }, () =>
    recheckRange(keeper, stream, range),
  );
}

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
  const { from_ms: fromMs, to_ms: toMs } = range;
  try {
    const { fetched, clockMs } = await fetchWindow(stream, { fromMs, toMs, requestsMax: REQUESTS_MAX });
    if (fetched instanceof SourceError) throw fetched;
    const bars = fetched.bars.filter(({ openMs }) => openMs >= fromMs && openMs < toMs);
    return { ...againOf(fetched), bars, clockMs };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new ServiceError(error.code, 502, error.message, { cause: error });
  }
}
