import type { ModelTable } from '@aistock/database';
import { isTimeframe } from '@aistock/market';

/**
 * The instrument and the timeframe of a stream `source:instrument:timeframe`; an instrument may hold colons itself.
 * @throws RangeError for another text.
 */
export function streamParts(stream: string): Pick<ModelTable, 'instrument' | 'timeframe'> {
  const first = stream.indexOf(':');
  const last = stream.lastIndexOf(':');
  const timeframe = stream.slice(last + 1);
  if (first <= 0 || last <= first || !isTimeframe(timeframe))
    throw new RangeError(`${stream} is not source:instrument:timeframe`);
  return { instrument: stream.slice(first + 1, last), timeframe };
}
