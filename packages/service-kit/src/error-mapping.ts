import { CallError } from '@aistock/shared';
import { ServiceError } from './service-error.ts';

/** What any error means to the caller. What is not known here is an internal error, and its message stays inside. */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof CallError) return callProblem(error);
  const known = requestProblem(error);
  if (known) return known;
  const chain = causes(error);
  if (chain.some(isDiskFull))
    return new ServiceError('disk_full', 507, 'there is no space left on the disk; nothing was changed', {
      cause: error,
    });
  if (chain.some(isDatabaseGone))
    return new ServiceError('database_unavailable', 503, 'the database is away or too busy; try again', {
      cause: error,
      headers: { 'retry-after': '1' },
    });
  return new ServiceError(
    'internal_error',
    500,
    'something broke inside; the log has it under the request id',
    {
      cause: error,
    },
  );
}

function callProblem(error: CallError): ServiceError {
  const gone = error.status === undefined || error.status === 429 || error.status >= 502;
  return gone
    ? new ServiceError('neighbour_unavailable', 503, error.message, { cause: error })
    : new ServiceError('neighbour_failed', 502, error.message, { cause: error });
}

/** What express and its body parser throw, by their `type` or status. */
function requestProblem(error: unknown): ServiceError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { type, status } = error as { type?: unknown; status?: unknown };
  switch (type) {
    case 'entity.too.large':
      return new ServiceError('body_too_large', 413, 'the body must be at most 100 kB of JSON');
    case 'entity.parse.failed':
      return new ServiceError('malformed_json', 400, 'the body must be one JSON object');
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new ServiceError('unsupported_media_type', 415, 'the body must be UTF-8 JSON, not compressed');
    case 'request.aborted':
    case 'request.size.invalid':
      return new ServiceError('body_incomplete', 400, 'the body ended before its content-length');
    default:
      return error instanceof URIError && status === 400
        ? new ServiceError(
            'malformed_path',
            400,
            'the path holds a % that does not start an escaped UTF-8 byte',
          )
        : undefined;
  }
}

const CAUSES_MAX = 10;

/** An error, its causes, and the errors that were gathered in them. */
function causes(error: unknown): readonly unknown[] {
  const found: unknown[] = [error];
  for (let index = 0; index < found.length && found.length < CAUSES_MAX; index++) {
    const { cause, errors } = (found[index] ?? {}) as { cause?: unknown; errors?: unknown };
    if (cause !== undefined) found.push(cause);
    if (Array.isArray(errors)) found.push(...(errors as unknown[]));
  }
  return found;
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** ENOSPC and EDQUOT of the file system, 53100 of Postgres. */
function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', '53100'].includes(codeOf(error));
}

const GONE_SYSTEM =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
/** SQLSTATE: connection exceptions, too many connections, shutdown and start-up, timeouts, rolled back for another. */
const GONE_SQLSTATE = /^(08...|53300|57P0[1-3]|57014|55P03|40001|40P01)$/;
/** What pg and kysely say without a code. */
const GONE_MESSAGE =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout|Client was closed|Cannot use a pool after calling end|driver has already been destroyed)/;

/** Whether an error says that Postgres cannot be reached now, or did not answer in time. */
function isDatabaseGone(error: unknown): boolean {
  const code = codeOf(error);
  if (GONE_SQLSTATE.test(code)) return true;
  const { syscall, message } = (error ?? {}) as { syscall?: unknown; message?: unknown };
  if (GONE_SYSTEM.test(code)) return ['connect', 'read', 'write', 'getaddrinfo'].includes(String(syscall));
  return typeof message === 'string' && GONE_MESSAGE.test(message);
}
