import type { Db } from '@aistock/database';
import { sql } from 'kysely';
import { ServiceError } from './service-error.ts';

/** What of a stream is worked on; names these advisory locks among others of the database. */
const SPACES = { bars: 0x1a6e57, features: 0x66656174 } as const;

export interface LockedStream {
  readonly stream: string;
  readonly of: keyof typeof SPACES;
}

const LOCK_WAIT_MAX_MS = 20_000;
/** Longer than the work on one chunk may take. A lock that nobody gives back ends with its session by then. */
const LOCK_HELD_MAX_MS = 900_000;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Runs work while no other process works on the same of a stream. The lock belongs to a transaction that does nothing
 * else, so it ends when the work ends, however it ends, and when the process does.
 * @param locks - a pool with connections to spare, since each lock holds one for as long as the work takes.
 * @throws ServiceError 503 `stream_busy` where another holds the stream for too long.
 */
export async function withStreamLock<T>(locks: Db, locked: LockedStream, work: () => Promise<T>): Promise<T> {
  return locks.transaction().execute(async (trx) => {
    await takeLock(trx, locked);
    return work();
  });
}

async function takeLock(trx: Db, { stream, of }: LockedStream): Promise<void> {
  try {
    await sql`SELECT set_config('lock_timeout', ${`${LOCK_WAIT_MAX_MS}ms`}, true),
      set_config('idle_in_transaction_session_timeout', ${`${LOCK_HELD_MAX_MS}ms`}, true)`.execute(trx);
    await sql`SELECT pg_advisory_xact_lock(${SPACES[of]}::int, hashtext(${stream}))`.execute(trx);
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    throw new ServiceError('stream_busy', 503, `another run works on ${stream}; try again`, { cause: error });
  }
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
}
