import type { Logger } from '@aistock/service-kit';
import { CallError } from '@aistock/shared';
import type { CoreEvent } from '@aistock/trading/core';
import type { Neighbours } from '../../neighbours.ts';

export type QualityEvent = Extract<CoreEvent, { type: 'quality' }>;

/**
 * What data_ingester says of the stream now. No answer is `unknown`, and not an error: a session that could not ask must
 * still be able to leave what it holds.
 */
export async function qualityAnswer(
  { ingester }: Neighbours,
  stream: string,
  logger: Logger,
): Promise<QualityEvent> {
  try {
    const { verdict, reasons } = await ingester.verdict({ params: { id: stream } });
    return { type: 'quality', stream, verdict, reasons };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    logger.warn('the quality of a stream is unknown', { stream, error });
    return {
      type: 'quality',
      stream,
      verdict: 'unknown',
      reasons: [`data_ingester did not say: ${error.message}`],
    };
  }
}
