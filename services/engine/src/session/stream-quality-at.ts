import type { Logger } from '@aistock/service-kit';
import { CallError } from '@aistock/shared';
import type { StreamQuality } from '@aistock/trading/session';
import type { MarketStream } from '../market-stream.ts';
import type { Neighbours } from '../neighbours.ts';

/** Whether a stream may be traded on now, and why not. */
export interface KnownQuality {
  readonly verdict: StreamQuality;
  readonly reasons: readonly string[];
}

/**
 * What data_ingester says of the stream now. No answer is `unknown`, and not an error: a session that could not ask must
 * still be able to leave what it holds.
 */
export async function streamQualityAt(
  { ingester }: Neighbours,
  stream: MarketStream,
  logger: Logger,
): Promise<KnownQuality> {
  try {
    return await ingester.verdict({ params: { id: stream.id } });
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    logger.warn('the quality of a stream is unknown', { stream: stream.id, error });
    return { verdict: 'unknown', reasons: [`data_ingester did not say: ${error.message}`] };
  }
}
