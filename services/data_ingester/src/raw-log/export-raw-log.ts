import type { Db, Trx } from '@aistock/database';
import { RECORDS_PER_FILE, type RawLogFiles } from '@aistock/lake';
import { findRawLogExport, holdRawLogExport, listRawLog, noteRawLogExport, toLine } from '@aistock/ledger';
import type { Clock } from '@aistock/service-kit';

/**
 * Copies what is new on the raw log into files of the lake, so that it can be verified without the database. The last
 * file grows until it is full or its day ends: it is put anew as a whole, from the database, so that a crash at any
 * point is made good by the next call.
 * @returns how many records were new.
 */
export async function exportRawLog(db: Db, files: RawLogFiles, clock: Clock): Promise<number> {
  let exported = 0;
  for (;;) {
    const records = await db.transaction().execute((trx) => exportFile(trx, files, clock));
    if (records === 0) return exported;
    exported += records;
  }
}

/** One file, alone: of two that copy at once the slower one would put an older copy in place of the newer. */
async function exportFile(trx: Trx, files: RawLogFiles, clock: Clock): Promise<number> {
  await holdRawLogExport(trx);
  const [next] = await listRawLog(trx, await findRawLogExport(trx), 1);
  if (next === undefined) return 0;
  const { day, position } = next;
  const first = position - (position % RECORDS_PER_FILE);
  const rows = await listRawLog(trx, { day, position: first - 1 }, RECORDS_PER_FILE);
  const ofFile = rows.filter((row) => row.day === day && row.position < first + RECORDS_PER_FILE);
  const last = ofFile.at(-1) ?? next;
  await files.put(day, first, ofFile.map(toLine));
  await noteRawLogExport(trx, last, new Date(clock.nowMs()));
  return last.position - position + 1;
}
