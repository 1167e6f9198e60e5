import type { Db, Trx } from '@aistock/database';
import { lock } from './locks.ts';
import { appendRawLog, holdRawLog } from './raw-log/append.ts';
import { findDeletedPaths, findOwnResponses } from './raw-log/chunk-responses.ts';

const INTENTS_PER_READ = 1_000;

/** A processed file whose raw bytes are to go. */
export interface DoomedFile {
  readonly file_id: string;
  readonly stream: string;
  readonly sha256: string;
  readonly path: string;
}

/** What was looked at before the bytes went. */
export interface Permission {
  /** Of the canonical CSV of the bars that the curated store holds. */
  readonly barsSha256: string;
  /** For people. */
  readonly reason: string;
}

/** A deletion that is on the raw log now, with the hash of its record. */
export interface RecordedDeletion extends DoomedFile {
  /** Files of the lake that go. */
  readonly paths: readonly string[];
  readonly recordHash: string;
}

/** What a deletion needs of the world around the ledger. */
export interface DeletionSteps {
  /** Looks whether the bytes may go, or tells why they must stay for now. */
  readonly permit: (file: DoomedFile) => Promise<Permission | string>;
  /** Removes the file at a path of the lake, and does nothing where there is none: it can be asked again. */
  readonly unlink: (path: string) => Promise<void>;
  /** Where the lake has an answer. */
  readonly responsePath: (sha256: string) => string;
  /** In the transaction that records the deletion. */
  readonly onRecorded: (trx: Trx, deletion: RecordedDeletion) => Promise<void>;
  /** Our clock, Unix ms UTC. */
  readonly nowMs: () => number;
}

/** What one call did. */
export interface Deletions {
  /** Files whose bytes are gone now. */
  readonly deleted: number;
  /** Files that stay for now, and why. */
  readonly kept: readonly { readonly file: DoomedFile; readonly why: string }[];
}

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
 * Carries out what was intended, also what a crash left half done. For each file: look whether it may go; one
 * transaction puts the deletion on the raw log; a second one removes the bytes and says so in the ledger. So at every
 * moment a file that is gone has a record. Bytes that another file needs stay until the last of them goes: a raw file of
 * the same bytes in another stream, an answer that gave bars to another chunk.
 */
export async function resumeDeletions(db: Db, steps: DeletionSteps): Promise<Deletions> {
  let deleted = 0;
  const kept: { file: DoomedFile; why: string }[] = [];
  let after: string | undefined;
  do {
    const intents = await listIntents(db, after);
    for (const { recorded_at: recordedAt, ...file } of intents) {
      if (recordedAt === null) {
        const permission = await steps.permit(file);
        if (typeof permission === 'string') {
          kept.push({ file, why: permission });
          continue;
        }
        await db.transaction().execute((trx) => record(trx, file, permission, steps));
      }
      if (await db.transaction().execute((trx) => carryOut(trx, file, steps))) deleted += 1;
    }
    after = intents.at(-1)?.file_id;
  } while (after !== undefined);
  return { deleted, kept };
}

/** Behind one, in order of their ids: files that must stay hold none up. */
async function listIntents(db: Db, after: string | undefined) {
  return db
    .selectFrom('ledger.deletion')
    .innerJoin('ledger.file', 'ledger.file.file_id', 'ledger.deletion.file_id')
    .select(['ledger.file.file_id', 'ledger.file.stream', 'ledger.file.sha256', 'ledger.file.path'])
    .select('ledger.deletion.recorded_at')
    .$if(after !== undefined, (query) => query.where('ledger.deletion.file_id', '>', after ?? ''))
    .orderBy('ledger.deletion.file_id')
    .limit(INTENTS_PER_READ)
    .execute();
}

async function record(
  trx: Trx,
  file: DoomedFile,
  permission: Permission,
  { responsePath, onRecorded, nowMs }: DeletionSteps,
): Promise<void> {
  await lock(trx, 'path', file.path);
  await holdRawLog(trx);
  const marked = await trx
    .updateTable('ledger.deletion')
    .set((eb) => ({ recorded_at: eb.fn<Date>('clock_timestamp') }))
    .where('file_id', '=', file.file_id)
    .where('recorded_at', 'is', null)
    .returning('file_id')
    .executeTakeFirst();
  // Another process recorded it while this one waited.
  if (marked === undefined) return;
  const paths = (await isShared(trx, file)) ? [] : [file.path];
  for (const sha256 of await findOwnResponses(trx, file)) paths.push(responsePath(sha256));
  const { barsSha256, reason } = permission;
  const chunk = { stream: file.stream, chunk_sha256: file.sha256 };
  const entry = { kind: 'deletion' as const, ...chunk, paths, bars_sha256: barsSha256, reason };
  const [sealed] = await appendRawLog(trx, [entry], nowMs());
  await onRecorded(trx, { ...file, paths, recordHash: sealed?.recordHash ?? '' });
}

async function carryOut(
  trx: Trx,
  file: DoomedFile,
  { unlink, responsePath }: DeletionSteps,
): Promise<boolean> {
  await lock(trx, 'path', file.path);
  await holdRawLog(trx);
  const intent = await trx
    .selectFrom('ledger.deletion')
    .select('file_id')
    .where('file_id', '=', file.file_id)
    .executeTakeFirst();
  // Another process carried it out while this one waited.
  if (intent === undefined) return false;
  const free = new Set((await findOwnResponses(trx, file)).map(responsePath));
  if (!(await isShared(trx, file))) free.add(file.path);
  // Only what its record says goes, and of that nothing which a new file came to need meanwhile.
  for (const path of await findDeletedPaths(trx, file)) if (free.has(path)) await unlink(path);
  await markDeleted(trx, file.file_id);
  return true;
}

/** Whether another file has its bytes at the same path, and no recorded deletion of its own. */
async function isShared(trx: Trx, file: DoomedFile): Promise<boolean> {
  const sharer = await trx
    .selectFrom('ledger.file')
    .leftJoin('ledger.deletion', 'ledger.deletion.file_id', 'ledger.file.file_id')
    .select('ledger.file.file_id')
    .where('sha256', '=', file.sha256)
    .where('path', '=', file.path)
    .where('deleted_at', 'is', null)
    .where('recorded_at', 'is', null)
    .where('ledger.file.file_id', '<>', file.file_id)
    .limit(1)
    .executeTakeFirst();
  return sharer !== undefined;
}

async function markDeleted(trx: Trx, fileId: string): Promise<void> {
  await trx
    .updateTable('ledger.file')
    .set((eb) => ({ deleted_at: eb.fn<Date>('clock_timestamp') }))
    .where('file_id', '=', fileId)
    .execute();
  await trx.deleteFrom('ledger.deletion').where('file_id', '=', fileId).execute();
}
