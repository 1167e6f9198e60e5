import { EMPTY_FRONTIER, frontierAt, perfectSubtrees, rangeRoot } from '@aistock/audit-log';
import type { Frontier, Hash, PerfectSubtree, SubtreeHash } from '@aistock/audit-log';
import type { Db } from '@aistock/database';
import { RecordBroken } from './record-broken.ts';

/** How many entries the record has: one more than its last index. */
export async function readSize(db: Db): Promise<number> {
  const last = await db
    .selectFrom('audit.entry')
    .select((of) => of.fn.max('entry_index').as('index'))
    .executeTakeFirstOrThrow();
  return last.index === null ? 0 : last.index + 1;
}

/**
 * The stored hashes of these subtrees.
 * @throws RecordBroken, when it is asked for one that is not stored.
 */
export async function readSubtrees(db: Db, subtrees: readonly PerfectSubtree[]): Promise<SubtreeHash> {
  const rows = await db
    .selectFrom('audit.entry')
    .select(['entry_index', 'subtree_hashes'])
    .where('entry_index', 'in', [-1, ...subtrees.map(({ last }) => last)]) // an empty list is no SQL
    .execute();
  const hashesByEntry = new Map(rows.map((row) => [row.entry_index, row.subtree_hashes]));
  return ({ level, last }) => {
    const hash = hashesByEntry.get(last)?.[level];
    if (hash === undefined)
      throw new RecordBroken({
        index: last,
        problem: `the hash of its subtree of level ${level} is missing`,
      });
    return hash;
  };
}

/** The right edge of the tree at a size. */
export async function readFrontier(db: Db, size: number): Promise<Frontier> {
  if (size === 0) return EMPTY_FRONTIER;
  return frontierAt(size, await readSubtrees(db, perfectSubtrees({ begin: 0, end: size })));
}

/** The root of the first entries, from the stored hashes. */
export async function readRoot(db: Db, size: number): Promise<Hash> {
  const range = { begin: 0, end: size };
  return rangeRoot(range, await readSubtrees(db, perfectSubtrees(range)));
}
