import { ServiceError } from '@aistock/service-kit';
import type { StreamSpec } from './stream-spec.ts';

const NAMED_MAX = 50;

/** 404 with the streams that there are. */
export function unknownStream(name: string, known: readonly StreamSpec[], field: string): ServiceError {
  const names = known.slice(0, NAMED_MAX).map(({ stream }) => stream);
  const allowed = names.length === 0 ? 'none yet' : names.join(', ');
  return new ServiceError('stream_unknown', 404, `there is no stream ${name}; known: ${allowed}`, {
    fields: [{ field, message: `must be one of ${allowed}` }],
  });
}
