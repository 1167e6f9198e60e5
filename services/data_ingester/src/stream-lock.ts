import type { Db } from '@aistock/database';
import { ServiceError } from '@aistock/service-kit';
import { sql } from 'kysely';

/** Names this use of advisory locks among others of the database. */
const LOCK_SPACE = 0x1a6e57;
const LOCK_WAIT_MAX_MS = 20_000;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Runs work while no other process works on the stream, all of it on one connection. The lock ends with the connection,
 * so a killed process never holds it. It only saves work: what keeps two files of one stream apart is the ledger.
 * @throws ServiceError 503 `stream_busy` where another holds the stream for too long.
 */
export async function withStreamLock<T>(
  db: Db,
  stream: string,
  work: (session: Db) => Promise<T>,
): Promise<T> {
  return db.connection().execute(async (session) => {
    await takeLock(session, stream);
    try {
      const result = await work(session);
      await giveLock(session, stream);
      return result;
    } catch (error) {
      // Where the connection is gone so is the lock, and the first error is the one to tell.
      await giveLock(session, stream).catch(() => undefined);
      throw error;
    }
  });
}

async function takeLock(session: Db, stream: string): Promise<void> {
  try {
    await session.transaction().execute(async (trx) => {
      await sql`SELECT set_config('lock_timeout', ${`${LOCK_WAIT_MAX_MS}ms`}, true)`.execute(trx);
      await sql`SELECT pg_advisory_lock(${LOCK_SPACE}::int, hashtext(${stream}))`.execute(trx);
    });
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    throw new ServiceError('stream_busy', 503, `another run works on ${stream}; try again`, { cause: error });
  }
}

async function giveLock(session: Db, stream: string): Promise<void> {
  await sql`SELECT pg_advisory_unlock(${LOCK_SPACE}::int, hashtext(${stream}))`.execute(session);
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
}
