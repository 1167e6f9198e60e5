import type { Db } from '@aistock/database';
import { ServiceError } from '@aistock/service-kit';
import { sql } from 'kysely';

/** Names this use of advisory locks among others of the database. */
const LOCK_SPACE = 0x1a6e57;
const LOCK_WAIT_MAX_MS = 20_000;
/** Longer than the work on one chunk may take. A lock that nobody gives back ends with its session by then. */
const LOCK_HELD_MAX_MS = 900_000;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Runs work while no other process works on the stream. The lock belongs to a transaction that does nothing else, so it
 * ends when the work ends, however it ends, and when the process does. It only saves work: what keeps two files of one
 * stream apart is the ledger.
 * @param locks - a pool of its own, since each lock holds a connection for as long as a download takes.
 * @throws ServiceError 503 `stream_busy` where another holds the stream for too long.
 */
export async function withStreamLock<T>(locks: Db, stream: string, work: () => Promise<T>): Promise<T> {
  return locks.transaction().execute(async (trx) => {
    await takeLock(trx, stream);
    return work();
  });
}

async function takeLock(trx: Db, stream: string): Promise<void> {
  try {
    await sql`SELECT set_config('lock_timeout', ${`${LOCK_WAIT_MAX_MS}ms`}, true),
      set_config('idle_in_transaction_session_timeout', ${`${LOCK_HELD_MAX_MS}ms`}, true)`.execute(trx);
    await sql`SELECT pg_advisory_xact_lock(${LOCK_SPACE}::int, hashtext(${stream}))`.execute(trx);
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    throw new ServiceError('stream_busy', 503, `another run works on ${stream}; try again`, { cause: error });
  }
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
}
