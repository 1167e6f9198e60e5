import type { Generated, JSONColumnType } from 'kysely';

export type RunStatus = 'running' | 'trained' | 'nothing_to_train' | 'failed' | 'abandoned';
export type ModelAlgorithm = 'hmm_gaussian_diagonal' | 'hmm_gaussian_full';

/** One attempt to train a stream on its new files. */
export interface RunTable {
  run_id: string;
  stream: string;
  status: RunStatus;
  /** The name under which it holds its files in the ledger. */
  claimer: string;
  exactly_once: boolean;
  files: number;
  bars: Generated<number>;
  promoted: Generated<boolean>;
  champion_id: string | null;
  problem_code: string | null;
  problem_detail: string | null;
  started_at: Date;
  finished_at: Date | null;
}

/** The files that a finished run marked as processed. */
export interface RunFileTable {
  run_id: string;
  file_id: string;
  sha256: string;
  claim_epoch: number;
}

/** One condition of promotion, with the number that decided it. */
export interface GateJson {
  name: string;
  pass: boolean;
  value: number | null;
  limit: number | null;
  detail: string;
}

/** A trained model; never changed. */
export interface ModelTable {
  model_id: string;
  run_id: string;
  stream: string;
  instrument: string;
  timeframe: '1m' | '5m' | '15m' | '30m' | '1h' | '4h' | '1d';
  algorithm: ModelAlgorithm;
  states: number;
  sha256: string;
  /** Canonical JSON; `sha256` is over these bytes. */
  artefact: string;
  /** JSON from which online EM goes on. */
  carried: string;
  features: string[];
  trained_from_at: Date;
  trained_to_at: Date;
  bars: number;
  bic: number;
  log_likelihood: number;
  /** Mean a bar. */
  holdout_log_likelihood: number;
  gates: JSONColumnType<GateJson[], string, never>;
  gates_passed: boolean;
  report: JSONColumnType<Record<string, unknown>, string, never>;
  created_at: Date;
  expires_at: Date;
}

/** The active model of each stream. */
export interface ActiveTable {
  stream: string;
  model_id: string;
  generation: number;
  changed_at: Date;
}

/** Every change of the active model. */
export interface PromotionTable {
  stream: string;
  generation: number;
  model_id: string;
  previous_model_id: string | null;
  kind: 'promoted' | 'rolled_back';
  changed_by: string;
  reason: string;
  changed_at: Date;
}

/** The tables and views of schema `ml`, by qualified name. */
export interface MlTables {
  'ml.run': RunTable;
  'ml.run_file': RunFileTable;
  'ml.model': ModelTable;
  'ml.active': ActiveTable;
  'ml.promotion': PromotionTable;
}
