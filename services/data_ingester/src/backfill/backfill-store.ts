import type { Db } from '@aistock/database';
import { ServiceError } from '@aistock/service-kit';
import { sql } from 'kysely';

export interface NewBackfill {
  readonly streams: readonly string[];
  /** Unix ms UTC. */
  readonly sinceMs: number;
  readonly untilMs: number;
}

/**
 * Notes what is wanted; whoever claims a stream of it begins.
 * @throws ServiceError 409 `backfill_running` where one of the streams is in another backfill that is not over.
 */
export async function createBackfill(db: Db, { streams, sinceMs, untilMs }: NewBackfill): Promise<string> {
  try {
    return await db.transaction().execute(async (trx) => {
      const { backfill_id } = await trx
        .insertInto('market.backfill')
        .values({ since_at: new Date(sinceMs), until_at: new Date(untilMs) })
        .returning('backfill_id')
        .executeTakeFirstOrThrow();
      await trx
        .insertInto('market.backfill_stream')
        .values(streams.map((stream) => ({ backfill_id, stream })))
        .execute();
      return backfill_id;
    });
  } catch (error) {
    if ((error as { constraint?: unknown }).constraint !== 'backfill_stream_open') throw error;
    const other = await openBackfillOf(db, streams);
    throw new ServiceError(
      'backfill_running',
      409,
      `the backfill ${other} works on one of these streams: wait for it, or cancel it with DELETE /backfills/${other}`,
      { cause: error },
    );
  }
}

async function openBackfillOf(db: Db, streams: readonly string[]): Promise<string> {
  const row = await db
    .selectFrom('market.backfill_stream')
    .select('backfill_id')
    .where('stream', 'in', streams)
    .where('status', 'in', ['waiting', 'running'])
    .executeTakeFirst();
  return row?.backfill_id ?? 'from before';
}

/** Ends what is not over yet. Who works on it finds out with the next renewal of its claim, and stops. */
export async function cancelBackfill(db: Db, backfillId: string): Promise<void> {
  await db
    .updateTable('market.backfill_stream')
    .set({ status: 'cancelled', lease_until: null, finished_at: sql`clock_timestamp()` })
    .where('backfill_id', '=', backfillId)
    .where('status', 'in', ['waiting', 'running'])
    .execute();
}
