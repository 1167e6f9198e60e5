import type { Generated, JSONColumnType, Selectable } from 'kysely';

export interface EngineSessionTables {
  'engine.session': SessionTable;
  'engine.journal': JournalTable;
  'engine.snapshot': SnapshotTable;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Strategies that trade an account together. */
interface SessionTable {
  session_id: Generated<string>;
  account: string;
  mode: 'replay' | 'live';
  terms_sha256: string;
  terms: JSONColumnType<JsonObject, string, never>;
  status: Generated<'open' | 'stopped' | 'failed'>;
  problem_code: string | null;
  problem_detail: string | null;
  claim_epoch: Generated<number>;
  claimed_by: string | null;
  lease_until: Date | null;
  stop_requested: Generated<boolean>;
  /** The close that was journalled last. */
  seq: Generated<number>;
  closed_at: Date | null;
  view: JSONColumnType<JsonObject | null, string | null, string | null>;
  created_at: Generated<Date>;
  ended_at: Date | null;
}
export type SessionRow = Selectable<SessionTable>;

/** What a close was decided from, and what was decided. */
interface JournalTable {
  session_id: string;
  seq: number;
  closed_at: Date;
  events: JSONColumnType<readonly JsonObject[], string, never>;
  lines: string[];
  lines_sha256: string;
  recorded_at: Generated<Date>;
}
export type JournalRow = Selectable<JournalTable>;

/** Where the replay of a journal begins. */
interface SnapshotTable {
  session_id: string;
  seq: number;
  state: JSONColumnType<JsonObject, string, never>;
  recorded_at: Generated<Date>;
}
