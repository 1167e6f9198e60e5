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
  /** When the deletion was put on the raw log; no byte goes before that. */
  recorded_at: Date | null;
}

/** Every answer and file that bars were taken from, and every deletion of raw bytes, chained by hash. */
export interface RawLogTable {
  /** The record as canonical JSON, without its own hash. */
  body: string;
  record_hash: string;
  /** UTC, such as `2024-01-31`. */
  day: GeneratedAlways<string>;
  position: GeneratedAlways<number>;
  prev_hash: GeneratedAlways<string>;
  kind: GeneratedAlways<'answer' | 'file' | 'deletion'>;
  stream: GeneratedAlways<string>;
  chunk_sha256: GeneratedAlways<string>;
  /** Of an answer's bytes; null in other records. */
  response_sha256: GeneratedAlways<string | null>;
}

/** How far the raw log has been copied into files of the lake; one row at most. */
export interface RawLogExportTable {
  only_row: Generated<boolean>;
  day: string;
  position: number;
  exported_at: Date;
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
  'ledger.raw_log': RawLogTable;
  'ledger.raw_log_export': RawLogExportTable;
  'ledger.transition': TransitionTable;
}
