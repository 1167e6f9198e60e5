import type { Logger } from '@aistock/service-kit';
import { ingestResult, type IngestResult } from '../ingest-result.ts';
import type { Ingester } from '../ingester.ts';
import type { ConfiguredStream } from '../stream-spec.ts';

/** Chunks of one stream in one run: after a long pause the rest comes with the next one. */
const CHUNKS_MAX = 100;

/** Takes chunk after chunk until the source has no more, something is wrong, or the signal ends it. Never rejects. */
export async function ingestUntilCurrent(
  ingester: Pick<Ingester, 'next'>,
  stream: ConfiguredStream,
  { signal, logger }: { readonly signal: AbortSignal; readonly logger: Logger },
): Promise<IngestResult> {
  let result = ingestResult(stream.stream, 'up_to_date', {});
  try {
    for (let chunk = 0; chunk < CHUNKS_MAX && !signal.aborted; chunk++) {
      result = await ingester.next(stream, { signal });
      if (result.problem !== null || !result.more || result.accepted === 0) return result;
    }
    return result;
  } catch (error) {
    logger.error('scheduled ingest failed', { stream: stream.stream, error });
    const problem = { code: 'internal_error', detail: 'something broke inside; the log has it' };
    return ingestResult(stream.stream, 'failed', { problem });
  }
}
