import type { Db, Trx } from '@aistock/database';
import { lock } from '../locks.ts';
import { type ChainHead, RawLogEntry, sealEntries, type SealedRecord } from './raw-record.ts';

/** Everyone waits here for the one before, until that one's transaction ends. */
const THE_LOG = 'raw';

/**
 * Holds the raw log for this transaction: nobody else adds to it, and no deletion removes bytes, before it ends. Take
 * it late, after every other lock of the ledger.
 */
export async function holdRawLog(trx: Trx): Promise<void> {
  await lock(trx, 'log', THE_LOG);
}

/**
 * Adds to the raw log, in the transaction of the thing that is told: both happen or neither. Holds the log until that
 * ends, so it comes last in it.
 * @param recordedMs - our clock, Unix ms UTC.
 * @throws ZodError for an entry that is none: nothing unreadable gets into the chain.
 */
export async function appendRawLog(
  trx: Trx,
  entries: readonly RawLogEntry[],
  recordedMs: number,
): Promise<SealedRecord[]> {
  if (entries.length === 0) return [];
  const checked = entries.map((entry) => RawLogEntry.parse(entry));
  await holdRawLog(trx);
  const sealed = sealEntries(await findRawLogHead(trx), checked, recordedMs);
  await trx
    .insertInto('ledger.raw_log')
    .values(sealed.map(({ body, recordHash }) => ({ body, record_hash: recordHash })))
    .execute();
  return sealed;
}

/** The last record of the raw log; undefined where it is empty. */
export async function findRawLogHead(db: Db): Promise<ChainHead | undefined> {
  const row = await db
    .selectFrom('ledger.raw_log')
    .select(['day', 'position', 'record_hash'])
    .orderBy('day', 'desc')
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { day: row.day, position: row.position, recordHash: row.record_hash };
}
