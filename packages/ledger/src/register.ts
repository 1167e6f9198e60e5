import type { Trx } from '@aistock/database';
import { RegistrationRefused } from './errors.ts';
import type { LedgerFileRow } from './ledger-file.ts';
import { lock } from './locks.ts';
import { findFirst } from './read.ts';

/** A file of accepted bars that is in the lake already. */
export interface NewFile {
  stream: string;
  /** Of the bytes on disk, lower-case hex. */
  sha256: string;
  /** Below the root of the lake. */
  path: string;
  /** Bars in the file. */
  rows: number;
  /** Size on disk. */
  bytes: number;
  /** Open times of the first and last bar, Unix ms. */
  firstOpenMs: number;
  lastOpenMs: number;
}

/** What became of a registration. */
export interface Registration {
  file: LedgerFileRow;
  /** False where the stream had these bytes before: `file` is the row from then, and nothing was changed. */
  registered: boolean;
}

/**
 * Registers a file whose bytes are safely on disk, and moves the stream's watermark to its last bar. One file a
 * transaction. Until that ends, no deletion removes the path; a caller whose bytes were there before it wrote them
 * looks once more, after this, that they still are.
 * @param watermarkMs - the watermark that the bars were fetched from: the open time of the last bar registered, Unix
 *   ms, or null where there was none.
 * @throws RegistrationRefused, after which the transaction must roll back.
 */
export async function registerFile(
  trx: Trx,
  file: NewFile,
  watermarkMs: number | null,
): Promise<Registration> {
  await lock(trx, 'stream', file.stream);
  await lock(trx, 'path', file.path);
  const known = await findByHash(trx, file);
  if (known !== undefined) return { file: known, registered: false };
  await advanceWatermark(trx, file, watermarkMs);
  return { file: await insertFile(trx, file, 0), registered: true };
}

/**
 * Registers bars from before a stream's first one, as first published; the watermark stays. Each file goes right before
 * those that are there, so that a history that is fetched backwards never has a hole that nobody knows of.
 * @param firstMs - the open time of the stream's first bar, Unix ms, that these were fetched up to.
 * @throws RegistrationRefused, after which the transaction must roll back.
 */
export async function registerEarlier(trx: Trx, file: NewFile, firstMs: number): Promise<Registration> {
  await lock(trx, 'stream', file.stream);
  await lock(trx, 'path', file.path);
  const known = await findByHash(trx, file);
  if (known !== undefined) return { file: known, registered: false };
  const currentMs = await findFirst(trx, file.stream);
  if (currentMs !== firstMs) {
    throw new RegistrationRefused('stale_first', `${file.stream} begins at ${currentMs}, not ${firstMs}`);
  }
  if (file.lastOpenMs >= firstMs) {
    throw new RegistrationRefused('overlapping_bars', `${file.stream} has bars from ${firstMs} on already`);
  }
  return { file: await insertFile(trx, file, 0), registered: true };
}

/**
 * Registers bars that the source restated or gave late, beside those that it gave first. The watermark stays.
 * @param revision - one above the highest of any file that overlaps it: 1 for the first restatement of a time.
 * @throws RangeError for a revision below 1; RegistrationRefused where this revision has bars of that time, after which
 *   the transaction must roll back.
 */
export async function registerRevision(trx: Trx, file: NewFile, revision: number): Promise<Registration> {
  if (!Number.isSafeInteger(revision) || revision < 1) throw new RangeError('a revision is 1 or above');
  await lock(trx, 'stream', file.stream);
  await lock(trx, 'path', file.path);
  const known = await findByHash(trx, file);
  if (known !== undefined) return { file: known, registered: false };
  return { file: await insertFile(trx, file, revision), registered: true };
}

/** A file of refused bytes that is in the lake already. */
export interface QuarantinedFile extends Omit<NewFile, 'firstOpenMs' | 'lastOpenMs'> {
  /** Unix ms; null where the times cannot be read. */
  firstOpenMs: number | null;
  lastOpenMs: number | null;
  /** What is wrong with it. */
  reason: string;
}

/** Records bytes that are kept but not used. The watermark stays, and the bars may come again in a good file. */
export async function quarantineFile(trx: Trx, file: QuarantinedFile): Promise<Registration> {
  await lock(trx, 'stream', file.stream);
  await lock(trx, 'path', file.path);
  const known = await findByHash(trx, file);
  if (known !== undefined) return { file: known, registered: false };
  const row = await trx
    .insertInto('ledger.file')
    .values({ ...fileValues(file), status: 'quarantined', reason: file.reason })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { file: row, registered: true };
}

function findByHash(trx: Trx, { stream, sha256 }: { stream: string; sha256: string }) {
  return trx
    .selectFrom('ledger.file')
    .selectAll()
    .where('stream', '=', stream)
    .where('sha256', '=', sha256)
    .executeTakeFirst();
}

async function advanceWatermark(trx: Trx, file: NewFile, watermarkMs: number | null): Promise<void> {
  const { stream, firstOpenMs, lastOpenMs } = file;
  const found = await trx
    .selectFrom('ledger.watermark')
    .select('open_at')
    .where('stream', '=', stream)
    .executeTakeFirst();
  const currentMs = found?.open_at.getTime() ?? null;
  if (currentMs !== watermarkMs) {
    throw new RegistrationRefused('stale_watermark', `${stream} stands at ${currentMs}, not ${watermarkMs}`);
  }
  if (currentMs !== null && firstOpenMs <= currentMs) {
    throw new RegistrationRefused('overlapping_bars', `${stream} has bars up to ${currentMs} already`);
  }
  const openAt = new Date(lastOpenMs);
  await trx
    .insertInto('ledger.watermark')
    .values({ stream, open_at: openAt })
    .onConflict((conflict) => conflict.column('stream').doUpdateSet({ open_at: openAt }))
    .execute();
}

async function insertFile(trx: Trx, file: NewFile, revision: number): Promise<LedgerFileRow> {
  try {
    return await trx
      .insertInto('ledger.file')
      .values({ ...fileValues(file), revision })
      .returningAll()
      .executeTakeFirstOrThrow();
  } catch (error) {
    if ((error as { constraint?: unknown }).constraint !== 'file_bars_once') throw error;
    const detail = `${file.stream} has bars between ${file.firstOpenMs} and ${file.lastOpenMs} already`;
    throw new RegistrationRefused('overlapping_bars', detail, { cause: error });
  }
}

function fileValues(file: Omit<QuarantinedFile, 'reason'>) {
  const { stream, sha256, path, rows, bytes, firstOpenMs, lastOpenMs } = file;
  return { stream, sha256, path, rows, bytes, first_open_at: at(firstOpenMs), last_open_at: at(lastOpenMs) };
}

function at(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
