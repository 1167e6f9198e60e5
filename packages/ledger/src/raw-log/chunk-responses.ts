import type { Trx } from '@aistock/database';
import { sql } from 'kysely';
import { fromLine, toLine } from './raw-record.ts';

/** A chunk as records name it. */
interface Chunk {
  readonly stream: string;
  readonly sha256: string;
}

/**
 * Hashes of the answers that gave bars to this chunk and to no other one that is still there. An answer that gave bars
 * to refused bytes too stays with them.
 */
export async function findOwnResponses(trx: Trx, { stream, sha256 }: Chunk): Promise<string[]> {
  const { rows } = await sql<{ response_sha256: string }>`
    SELECT DISTINCT own.response_sha256 FROM ledger.raw_log AS own
    WHERE own.chunk_sha256 = ${sha256} AND own.stream = ${stream} AND own.kind = 'answer'
      AND NOT EXISTS (
        SELECT FROM ledger.raw_log AS other
        JOIN ledger.file AS file ON file.stream = other.stream AND file.sha256 = other.chunk_sha256
        LEFT JOIN ledger.deletion AS intent ON intent.file_id = file.file_id
        WHERE other.response_sha256 = own.response_sha256
          AND (other.stream, other.chunk_sha256) <> (own.stream, own.chunk_sha256)
          AND file.deleted_at IS NULL AND intent.recorded_at IS NULL
      )
    ORDER BY own.response_sha256`.execute(trx);
  return rows.map((row) => row.response_sha256);
}

/** The files that the newest recorded deletion of a chunk names; none where there is none. */
export async function findDeletedPaths(trx: Trx, { stream, sha256 }: Chunk): Promise<readonly string[]> {
  const row = await trx
    .selectFrom('ledger.raw_log')
    .select(['body', 'record_hash as recordHash'])
    .where('chunk_sha256', '=', sha256)
    .where('stream', '=', stream)
    .where('kind', '=', 'deletion')
    .orderBy('day', 'desc')
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return [];
  const sealed = fromLine(toLine(row));
  if (typeof sealed === 'string' || sealed.record.kind !== 'deletion')
    throw new Error(`the recorded deletion of ${sha256} of ${stream} cannot be read`);
  return sealed.record.paths;
}
