import { LogVerifier, type Finding, type Hash, type NoteKey, type TreeHead } from '@aistock/audit-log';
import type { Db } from '@aistock/database';
import type { CheckpointFile } from './checkpoint-file.ts';
import { listEntries, toAuditEntry, type StoredEntry } from './entry-store.ts';
import { openHeads, openNotes } from './open-heads.ts';

const PAGE_ROWS = 1_000;

export interface Verdict {
  /** Entries that were read. */
  readonly size: number;
  readonly root: Hash;
  readonly finding: Finding | undefined;
}

/**
 * Derives the whole tree anew from the bodies of the entries and holds it against the columns, the stored hashes
 * and every checkpoint, those of the database and those of the file. Reads one state of the database, which may go
 * on meanwhile: the file is read before, so that everything that it is signed over is in that state.
 */
export async function verifyRecord(
  db: Db,
  file: Pick<CheckpointFile, 'read'>,
  verifier: NoteKey,
): Promise<Verdict> {
  const stored = await file.read();
  const fromFile = await openNotes(stored.notes, verifier);
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      const rows = await trx.selectFrom('audit.checkpoint').selectAll().orderBy('tree_size').execute();
      const notes = rows.map(({ note }) => note);
      const opened = await openNotes(notes, verifier, fromFile);
      const { heads, finding } = openHeads({ rows, ...stored }, opened);
      const verdict = await verifyEntries(trx, heads);
      return { ...verdict, finding: firstOf(verdict.finding, finding) };
    });
}

async function verifyEntries(db: Db, heads: readonly TreeHead[]): Promise<Verdict> {
  const log = new LogVerifier(heads);
  const verdict = (finding: Finding | undefined): Verdict => ({ size: log.size, root: log.root, finding });
  for (;;) {
    const page = await listEntries(db, { from: log.size, limit: PAGE_ROWS });
    for (const row of page) {
      const finding = take(log, row);
      if (finding !== undefined) return verdict(finding);
    }
    if (page.length < PAGE_ROWS) return verdict(log.finish());
  }
}

function take(log: LogVerifier, row: StoredEntry): Finding | undefined {
  const entry = log.add(toAuditEntry(row));
  if (entry.kind === 'bad') return entry.finding;
  if (entry.completed.join() === row.subtree_hashes.join()) return undefined;
  return {
    index: row.entry_index,
    problem: 'the stored hashes of its subtrees are not those of the entries',
  };
}

function firstOf(one: Finding | undefined, other: Finding | undefined): Finding | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.index < one.index ? other : one;
}
