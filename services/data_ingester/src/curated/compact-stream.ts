import type { Db } from '@aistock/database';
import type { PartStore } from '@aistock/lake';
import { sql } from 'kysely';
import { chooseMerges, MERGED_PARTS, RAW_FILES_MAX, type MergeCandidate } from './choose-merges.ts';
import { listParts, liveParts, retireParts } from './part-catalogue.ts';

/** From one raw file a part to the largest takes four. */
const ROUNDS_MAX = 8;

/** Where the curated store and its catalogue are. */
export interface Curated {
  readonly db: Db;
  readonly curated: PartStore;
}

/**
 * Merges the small parts of a stream. The new part is whole and in the store before one transaction lists it and retires
 * the old ones; a crash before that leaves a file that no row names, and nothing else.
 * @returns how many parts were retired.
 */
export async function compactStream({ db, curated }: Curated, stream: string): Promise<number> {
  let retired = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const chosen = chooseMerges(await candidates(db, stream));
    if (chosen.length === 0) return retired;
    for (const group of chosen) {
      const ids = group.map(({ partId }) => partId);
      const parts = await liveParts(db, stream, ids);
      const made = await curated.merge(parts);
      const sources = [...new Set(parts.flatMap((part) => part.sources))];
      await db.transaction().execute(async (trx) => {
        if (!(await retireParts(trx, ids))) throw new Error(`parts of ${stream} were retired by another`);
        await listParts(trx, curated, { made: [made], sources });
      });
      retired += parts.length;
    }
  }
  return retired;
}

/** What is merged is small: the lists of raw files of all parts of a stream would be a lot to read every minute. */
async function candidates(db: Db, stream: string): Promise<(MergeCandidate & { readonly partId: string })[]> {
  const rows = await smallParts(db)
    .select(['part_id', 'year', 'revision_max', 'first_open_at'])
    .select(({ fn }) => fn<number>('cardinality', ['raw_sha256']).as('raw_files'))
    .where('stream', '=', stream)
    .execute();
  return rows.map((row) => ({
    partId: row.part_id,
    year: row.year,
    revisionMax: row.revision_max,
    firstOpenMs: row.first_open_at.getTime(),
    rawFiles: row.raw_files,
  }));
}

function smallParts(db: Db) {
  return db
    .selectFrom('market.part')
    .where('retired_at', 'is', null)
    .where(({ fn }) => fn<number>('cardinality', ['raw_sha256']), '<', RAW_FILES_MAX);
}

/** Streams that have as many parts in a year as it takes to merge any. */
export async function crowdedStreams(db: Db): Promise<string[]> {
  const rows = await smallParts(db)
    .select('stream')
    .groupBy(['stream', 'year'])
    .having(({ fn }) => fn.countAll(), '>=', MERGED_PARTS)
    .orderBy('stream')
    .execute();
  return [...new Set(rows.map(({ stream }) => stream))];
}

const REMOVED_MAX = 1_000;

/**
 * Removes the files of parts that were retired so long ago, and their rows; at most 1,000 in a call.
 * A crash in between leaves a row whose file is gone, and the next call takes the row too.
 */
export async function removeRetired({ db, curated }: Curated, graceMs: number): Promise<number> {
  const before = sql<Date>`clock_timestamp() - make_interval(secs => ${graceMs / 1_000})`;
  const retired = await db
    .selectFrom('market.part')
    .select(['part_id', 'path'])
    .where('retired_at', '<', before)
    .orderBy('retired_at')
    .limit(REMOVED_MAX)
    .execute();
  let removed = 0;
  for (const { part_id: partId, path } of retired)
    await db.transaction().execute(async (trx) => {
      // Whoever wants to use the part again waits here, and finds it neither listed nor there.
      const gone = await trx
        .deleteFrom('market.part')
        .where('part_id', '=', partId)
        .where('retired_at', '<', before)
        .returning('part_id')
        .execute();
      if (gone.length === 0) return;
      await curated.remove(path);
      removed += 1;
    });
  return removed;
}
