import type { GeneratedAlways, Insertable, Selectable } from 'kysely';

export interface AuditTables {
  'audit.outbox': OutboxTable;
  'audit.entry': EntryTable;
  'audit.checkpoint': CheckpointTable;
}

interface OutboxTable {
  outbox_id: GeneratedAlways<number>;
  event_id: string;
  kind: string;
  subject: string;
  service: string;
  occurred_at: Date;
  payload: string;
}
export type OutboxRow = Selectable<OutboxTable>;

interface EntryTable {
  entry_index: number;
  event_id: string;
  kind: string;
  subject: string;
  service: string;
  occurred_at: Date;
  body: string;
  subtree_hashes: string[];
  appended_at: GeneratedAlways<Date>;
}
export type EntryRow = Selectable<EntryTable>;
export type NewEntryRow = Insertable<EntryTable>;

interface CheckpointTable {
  tree_size: number;
  root: string;
  note: string;
  verifier_key: string;
  signed_at: Date;
}
export type CheckpointRow = Selectable<CheckpointTable>;
