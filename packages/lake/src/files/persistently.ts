import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

const ATTEMPTS_MAX = 4;
const BACKOFF_MS = 200;
const HTTP_TOO_EARLY_OR_MANY = [408, 425, 429];
const HTTP_SERVER_ERROR = 500;

/** S3-compatible storage that did not do what it was asked to. Holds nothing of the request but its path. */
class StorageError extends Error {
  override readonly name = 'StorageError';
  /** The HTTP status that it answered; undefined where it did not answer. */
  readonly status: number | undefined;
  constructor(message: string, status: number | undefined) {
    super(message);
    this.status = status;
  }
}

/**
 * Asks storage, at most four times, with waits of up to 200, 400 and 800 ms in between (full jitter), while the trouble
 * looks like one that passes: no answer, one cut off, a status of 408, 425, 429 or 5xx. Only for requests that may be
 * carried out twice.
 * @throws StorageError for what storage said or failed to say in the end; anything else as it came.
 */
export async function persistently<T>(what: string, request: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === undefined) throw error;
      if (!trouble.passing || attempt >= ATTEMPTS_MAX)
        throw new StorageError(`${what} failed: ${trouble.told}`, trouble.status);
      await delay(randomInt(BACKOFF_MS * 2 ** (attempt - 1)));
    }
  }
}

interface Trouble {
  readonly passing: boolean;
  readonly told: string;
  readonly status: number | undefined;
}

/** Undefined for an error that storage has no part in. */
function troubleOf(error: unknown): Trouble | undefined {
  if (!(error instanceof Error)) return undefined;
  const told = error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
  if ('status' in error && typeof error.status === 'number') {
    const { status } = error;
    const passing = status >= HTTP_SERVER_ERROR || HTTP_TOO_EARLY_OR_MANY.includes(status);
    return { passing, told, status };
  }
  const noAnswer = error.name === 'S3NetworkError' || error.name === 'TimeoutError' || isFetchFailure(error);
  return noAnswer ? { passing: true, told, status: undefined } : undefined;
}

/** What fetch throws where there is no connection, and where one ends too early. */
function isFetchFailure(error: Error): boolean {
  return error instanceof TypeError && error.cause !== undefined;
}
