import type { Generated, JSONColumnType, Selectable } from 'kysely';

export interface EngineRunTables {
  'engine.run': RunTable;
  'engine.run_artefact': RunArtefactTable;
  'engine.trial': TrialTable;
  'engine.sweep_item': SweepItemTable;
}

type JsonObject = Readonly<Record<string, unknown>>;

export type EngineRunStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** A backtest, or a study made of backtests. */
interface RunTable {
  run_id: Generated<string>;
  study: string;
  strategies: string[];
  streams: string[];
  from_at: Date;
  to_at: Date;
  request: JSONColumnType<JsonObject, string, never>;
  config_sha256: string;
  code_version: string;
  status: Generated<EngineRunStatus>;
  /** From 0 to 1. */
  progress: Generated<number>;
  /** SHA-256 of the bars by stream. */
  data_sha256: JSONColumnType<Readonly<Record<string, string>> | null, string | null, string>;
  result: JSONColumnType<JsonObject | null, string | null, string>;
  problem_code: string | null;
  problem_detail: string | null;
  claim_epoch: Generated<number>;
  claimed_by: string | null;
  lease_until: Date | null;
  created_at: Generated<Date>;
  started_at: Date | null;
  finished_at: Date | null;
}
export type RunRow = Selectable<RunTable>;

/** What a finished run leaves besides its result; gzip. */
interface RunArtefactTable {
  run_id: string;
  name: 'report' | 'trades' | 'log';
  part: number;
  body: Buffer;
}

/** A configuration of a strategy whose result somebody has seen. */
interface TrialTable {
  run_id: string;
  strategy: string;
  stream: string;
  from_at: Date;
  to_at: Date;
  config_sha256: string;
  sharpe: number | null;
}

/** One backtest of a run that is spread over the replicas. */
interface SweepItemTable {
  run_id: string;
  item: number;
  point: JSONColumnType<JsonObject, string, never>;
  status: Generated<'waiting' | 'running' | 'done' | 'failed'>;
  claim_epoch: Generated<number>;
  claimed_by: string | null;
  lease_until: Date | null;
  figures: JSONColumnType<JsonObject | null, string | null, string>;
  problem: string | null;
}
