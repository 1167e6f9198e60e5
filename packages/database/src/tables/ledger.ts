import type { Generated, GeneratedAlways } from 'kysely';

export type LedgerFileStatus = 'downloaded' | 'processing' | 'processed' | 'quarantined' | 'failed';

/** Every raw file that was ever registered. */
export interface LedgerFileTable {
  file_id: Generated<string>;
  stream: string;
  sha256: string;
  /** Below the root of the lake. */
  path: string;
  rows: number;
  bytes: number;
  /** Open times of the first and last bar; null only in a quarantined file. */
  first_open_at: Date | null;
  last_open_at: Date | null;
  /** 0 as first published; above, bars that the source restated. */
  revision: Generated<number>;
  status: Generated<LedgerFileStatus>;
  /** Grows with each claim. */
  claim_epoch: Generated<number>;
  claimed_by: string | null;
  lease_until: Date | null;
  attempts: Generated<number>;
  reason: string | null;
  registered_at: Generated<Date>;
  deleted_at: Date | null;
  /** Downloaded or processing. */
  is_open: GeneratedAlways<boolean>;
  /** Neither quarantined nor failed. */
  is_used: GeneratedAlways<boolean>;
}

/** How far each stream is registered. */
export interface WatermarkTable {
  stream: string;
  /** Open time of the last bar registered. */
  open_at: Date;
}

/** Processed files whose raw bytes are to be removed. */
export interface DeletionTable {
  file_id: string;
  intended_at: Generated<Date>;
}

/** Every step and every claim of every file; written by a trigger. */
export interface TransitionTable {
  transition_id: GeneratedAlways<number>;
  file_id: GeneratedAlways<string>;
  from_status: GeneratedAlways<LedgerFileStatus | null>;
  to_status: GeneratedAlways<LedgerFileStatus>;
  claim_epoch: GeneratedAlways<number>;
  claimed_by: GeneratedAlways<string | null>;
  reason: GeneratedAlways<string | null>;
  db_role: GeneratedAlways<string>;
  at: GeneratedAlways<Date>;
}

/** The tables and views of schema `ledger`, by qualified name. */
export interface LedgerTables {
  'ledger.file': LedgerFileTable;
  'ledger.watermark': WatermarkTable;
  'ledger.deletion': DeletionTable;
  'ledger.transition': TransitionTable;
}
