import type { Db, PartTable, Trx } from '@aistock/database';
import type { MadePart, Part, PartStore } from '@aistock/lake';
import type { ReadablePart } from '@aistock/lake/bars';
import { sql, type Selectable } from 'kysely';

export interface NewParts {
  readonly made: readonly MadePart[];
  readonly sources: readonly string[];
}

/**
 * Lists parts whose files are in the store. One that was retired is in use again. Its file may be removed right before
 * this; from here on that waits for this transaction, so it is looked for once more.
 */
export async function listParts(trx: Trx, store: PartStore, { made, sources }: NewParts): Promise<void> {
  for (const each of made) {
    const { part } = each;
    await trx
      .insertInto('market.part')
      .values({
        part_id: part.partId,
        stream: part.stream,
        year: part.year,
        path: part.path,
        rows: part.rows,
        bytes: part.bytes,
        first_open_at: new Date(part.firstOpenMs),
        last_open_at: new Date(part.lastOpenMs),
        revision_max: part.revisionMax,
        decimals: part.decimals,
        sources: [...sources],
        raw_sha256: [...part.rawSha256],
      })
      .onConflict((conflict) => conflict.column('part_id').doUpdateSet({ retired_at: null }))
      .execute();
    await store.putMissing(each);
  }
}

/** Retires parts whose bars others have from now on. False where one of them is retired already: roll back then. */
export async function retireParts(trx: Trx, ids: readonly string[]): Promise<boolean> {
  const retired = await trx
    .updateTable('market.part')
    .set({ retired_at: sql<Date>`clock_timestamp()` })
    .where('part_id', 'in', ids)
    .where('retired_at', 'is', null)
    .returning('part_id')
    .execute();
  return retired.length === ids.length;
}

/** The parts of a stream that can hold bars that open in [fromMs, toMs), ascending, and what of them was withdrawn. */
export async function partsIn(
  db: Db,
  stream: string,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<ReadablePart[]> {
  const { rows } = await sql<Selectable<Omit<PartTable, 'raw_sha256'>> & { hidden: number[] }>`
    WITH withdrawn AS MATERIALIZED (
      SELECT sha256 FROM ledger.file JOIN market.file_source USING (file_id)
      WHERE stream = ${stream} AND status = 'quarantined'
    )
    SELECT part_id, stream, year, path, rows, bytes, first_open_at, last_open_at, revision_max, decimals,
      ARRAY(SELECT array_position(raw_sha256, sha256) - 1 FROM withdrawn WHERE sha256 = ANY (raw_sha256)) AS hidden
    FROM market.part
    WHERE stream = ${stream} AND retired_at IS NULL
      AND last_open_at >= ${new Date(fromMs)} AND first_open_at < ${new Date(toMs)}
    ORDER BY first_open_at, part_id`.execute(db);
  return rows.map((row) => ({ ...toReadable(row), hidden: row.hidden }));
}

export type ListedPart = Part & { readonly sources: readonly string[] };

/** Every part of a stream that is not retired; of these alone, where they are told. */
export async function liveParts(db: Db, stream: string, only?: readonly string[]): Promise<ListedPart[]> {
  const rows = await db
    .selectFrom('market.part')
    .selectAll()
    .where('stream', '=', stream)
    .where('retired_at', 'is', null)
    .$if(only !== undefined, (query) => query.where('part_id', 'in', only ?? []))
    .orderBy('first_open_at')
    .orderBy('part_id')
    .execute();
  return rows.map((row) => ({ ...toReadable(row), rawSha256: row.raw_sha256, sources: row.sources }));
}

/** The parts that are not retired and were made from a raw file, among others. */
export async function partsOfFile(db: Db, stream: string, sha256: string): Promise<Part[]> {
  const rows = await db
    .selectFrom('market.part')
    .selectAll()
    .where('stream', '=', stream)
    .where('retired_at', 'is', null)
    .where(sql<boolean>`${sha256} = ANY (raw_sha256)`)
    .execute();
  return rows.map((row) => ({ ...toReadable(row), rawSha256: row.raw_sha256 }));
}

/** Which of these are ids of parts, retired ones too. */
export async function findListed(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db.selectFrom('market.part').select('part_id').where('part_id', 'in', ids).execute();
  return new Set(rows.map(({ part_id: partId }) => partId));
}

function toReadable(row: Selectable<Omit<PartTable, 'raw_sha256' | 'sources'>>): Omit<Part, 'rawSha256'> {
  return {
    partId: row.part_id,
    stream: row.stream,
    year: row.year,
    path: row.path,
    rows: row.rows,
    bytes: row.bytes,
    firstOpenMs: row.first_open_at.getTime(),
    lastOpenMs: row.last_open_at.getTime(),
    revisionMax: row.revision_max,
    decimals: row.decimals,
  };
}
