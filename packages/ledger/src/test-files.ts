import { createHash } from 'node:crypto';
import type { Db } from '@aistock/database';
import { sql } from 'kysely';
import { findWatermark } from './read.ts';
import { type NewFile, registerFile } from './register.ts';

export const MINUTE_MS = 60_000;
const BARS = 10;

/** The nth file of a stream: ten one-minute bars that follow on those of the file before. */
export function fileNumber(stream: string, n: number): NewFile {
  const sha256 = createHash('sha256').update(`${stream} ${n}`).digest('hex');
  const firstOpenMs = n * BARS * MINUTE_MS;
  return {
    stream,
    sha256,
    path: `raw/${sha256.slice(0, 2)}/${sha256}.csv.gz`,
    rows: BARS,
    bytes: 512,
    firstOpenMs,
    lastOpenMs: firstOpenMs + (BARS - 1) * MINUTE_MS,
  };
}

/** Registers files 0 to count - 1 of a stream; returns their ids. */
export async function registerFiles(db: Db, stream: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const watermarkMs = await findWatermark(db, stream);
    const { file } = await db
      .transaction()
      .execute((trx) => registerFile(trx, fileNumber(stream, n), watermarkMs));
    ids.push(file.file_id);
  }
  return ids;
}

/** Waits, on the database's own clock, until the lease of a file has ended. */
export async function leaseRunsOut(db: Db, fileId: string): Promise<void> {
  await sql`
    SELECT pg_sleep_until(lease_until + interval '1 millisecond') FROM ledger.file WHERE file_id = ${fileId}`.execute(
    db,
  );
}
