import type { Db, EntryRow } from '@aistock/database';
import type { AuditEntry } from '@aistock/shared';

export type StoredEntry = Omit<EntryRow, 'appended_at'>;

const COLUMNS = [
  'entry_index',
  'event_id',
  'kind',
  'subject',
  'service',
  'occurred_at',
  'body',
  'subtree_hashes',
] as const;

export interface EntryQuery {
  /** First index. */
  readonly from: number;
  readonly limit: number;
  readonly kind?: string | undefined;
  readonly subject?: string | undefined;
}

/** Entries in order, at most `limit`. */
export async function listEntries(
  db: Db,
  { from, limit, kind, subject }: EntryQuery,
): Promise<StoredEntry[]> {
  let query = db.selectFrom('audit.entry').select(COLUMNS).where('entry_index', '>=', from);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (subject !== undefined) query = query.where('subject', '=', subject);
  return query.orderBy('entry_index').limit(limit).execute();
}

/** How many events wait in the outbox. */
export async function countWaiting(db: Db): Promise<number> {
  const { waiting } = await db
    .selectFrom('audit.outbox')
    .select((of) => of.fn.countAll<number>().as('waiting'))
    .executeTakeFirstOrThrow();
  return waiting;
}

export function toAuditEntry(row: StoredEntry): AuditEntry {
  return {
    index: row.entry_index,
    event_id: row.event_id,
    kind: row.kind,
    subject: row.subject,
    service: row.service,
    occurred_ms: row.occurred_at.getTime(),
    body: row.body,
    leaf_sha256: row.subtree_hashes[0] ?? '',
  };
}
