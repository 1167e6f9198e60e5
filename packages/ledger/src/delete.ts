import type { Db, Trx } from '@aistock/database';
import { lock } from './locks.ts';

const DELETIONS_MAX = 1_000;

/**
 * States that the raw bytes of processed files are to go. In the transaction that finishes them or later; nothing is
 * removed before {@link resumeDeletions}, so never before the finish has committed.
 * @throws an error of the database for a file that is not processed, or is deleted already.
 */
export async function intendDeletion(trx: Trx, fileIds: readonly string[]): Promise<void> {
  if (fileIds.length === 0) return;
  await trx
    .insertInto('ledger.deletion')
    .values(fileIds.map((file_id) => ({ file_id })))
    .onConflict((conflict) => conflict.column('file_id').doNothing())
    .execute();
}

/**
 * Carries out what was intended, also what a crash left half done: each file in a transaction of its own, at most
 * 1,000 in a call. Bytes that a file of another stream shares stay until the last of them goes.
 * @param unlink - removes the file at a path of the lake, and does nothing where there is none: after a crash it is
 *   asked to remove the same one again.
 * @returns how many files are deleted now.
 */
export async function resumeDeletions(db: Db, unlink: (path: string) => Promise<void>): Promise<number> {
  const intents = await db
    .selectFrom('ledger.deletion')
    .innerJoin('ledger.file', 'ledger.file.file_id', 'ledger.deletion.file_id')
    .select(['ledger.file.file_id', 'ledger.file.sha256', 'ledger.file.path'])
    .orderBy('ledger.deletion.intended_at')
    .limit(DELETIONS_MAX)
    .execute();
  let deleted = 0;
  for (const intent of intents) {
    if (await db.transaction().execute((trx) => deleteOne(trx, intent, unlink))) deleted += 1;
  }
  return deleted;
}

async function deleteOne(
  trx: Trx,
  file: { file_id: string; sha256: string; path: string },
  unlink: (path: string) => Promise<void>,
): Promise<boolean> {
  await lock(trx, 'path', file.path);
  const intent = await trx
    .selectFrom('ledger.deletion')
    .select('file_id')
    .where('file_id', '=', file.file_id)
    .executeTakeFirst();
  // Another process carried it out while this one waited.
  if (intent === undefined) return false;
  const sharer = await trx
    .selectFrom('ledger.file')
    .select('file_id')
    .where('sha256', '=', file.sha256)
    .where('path', '=', file.path)
    .where('deleted_at', 'is', null)
    .where('file_id', '<>', file.file_id)
    .limit(1)
    .executeTakeFirst();
  if (sharer === undefined) await unlink(file.path);
  await markDeleted(trx, file.file_id);
  return true;
}

async function markDeleted(trx: Trx, fileId: string): Promise<void> {
  await trx
    .updateTable('ledger.file')
    .set((eb) => ({ deleted_at: eb.fn<Date>('clock_timestamp') }))
    .where('file_id', '=', fileId)
    .execute();
  await trx.deleteFrom('ledger.deletion').where('file_id', '=', fileId).execute();
}
