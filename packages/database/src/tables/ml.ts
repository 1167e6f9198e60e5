import type { Generated, JSONColumnType } from 'kysely';

export type TrainingStatus =
  'queued' | 'running' | 'trained' | 'nothing_to_train' | 'failed' | 'cancelled' | 'abandoned';
export type TrainingPhase = 'waiting' | 'claiming' | 'reading' | 'fitting' | 'validating' | 'committing';
export type ModelKind = 'regime' | 'trend' | 'volatility' | 'direction' | 'regression';
export type Alias = 'champion' | 'challenger' | 'live';
export type AliasChange = 'promoted' | 'rolled_back' | 'demoted' | 'signed_off' | 'challenged' | 'withdrawn';

/** A training of a stream that was asked for, and what came of it. */
export interface TrainingRunTable {
  run_id: Generated<string>;
  stream: string;
  status: Generated<TrainingStatus>;
  exactly_once: boolean;
  files: Generated<number>;
  bars: Generated<number>;
  promoted: Generated<boolean>;
  champion_id: string | null;
  problem_code: string | null;
  problem_detail: string | null;
  started_at: Date | null;
  finished_at: Date | null;
  /** What was asked for, with every default that was filled in. */
  request: JSONColumnType<Readonly<Record<string, unknown>>, string, never>;
  seed: number;
  phase: Generated<TrainingPhase>;
  /** Done of the phase, from 0 to 1. */
  progress: Generated<number>;
  message: Generated<string>;
  claim_epoch: Generated<number>;
  /** The process that works on it. */
  claimed_by: string | null;
  lease_until: Date | null;
  attempts: Generated<number>;
  created_at: Generated<Date>;
}

/** Every step of every run; written by a trigger. */
export interface TrainingRunEventTable {
  event_id: Generated<number>;
  run_id: string;
  status: TrainingStatus;
  phase: TrainingPhase;
  progress: number;
  message: string;
  claimed_by: string | null;
  at: Date;
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
  kind: ModelKind;
  algorithm: string;
  /** Of a regime model; null for others. */
  states: number | null;
  sha256: string;
  /** Canonical JSON; `sha256` is over these bytes. */
  artefact: string;
  /** JSON from which online EM goes on; null for what is not trained online. */
  carried: string | null;
  features: string[];
  trained_from_at: Date;
  trained_to_at: Date;
  bars: number;
  bic: number | null;
  log_likelihood: number | null;
  /** Mean a bar. */
  holdout_log_likelihood: number | null;
  gates: JSONColumnType<GateJson[], string, never>;
  gates_passed: boolean;
  /** Of models from before they had a row in `ml.model_report`. */
  report: JSONColumnType<Record<string, unknown> | null, string | null, never>;
  /** What it is and where it comes from; null for models from before there were cards. */
  card: JSONColumnType<Record<string, unknown> | null, string | null, never>;
  code_version: string | null;
  /** The champion that it was measured against, or else the model that it goes on from. */
  parent_model_id: string | null;
  created_at: Date;
  expires_at: Date;
}

/** What came of a model's gates for a strategy; never changed. */
export interface JudgementTable {
  model_id: string;
  strategy: string;
  gates: JSONColumnType<GateJson[], string, never>;
  passed: boolean;
  judged_at: Date;
  /** A year, of the strategy with the model; null where it is not defined. */
  sharpe: number | null;
}

/** All that was known of a model when it was written; never changed. */
export interface ModelReportTable {
  model_id: string;
  /** Canonical JSON; `sha256` is over these bytes. */
  report: string;
  sha256: string;
  /** Signed note over the model and the hash of the report. */
  note: string;
  verifier_key: string;
}

/** The person who signed a model off for a strategy to trade on live; never changed. */
export interface ApprovalTable {
  model_id: string;
  strategy: string;
  approved_by: string;
  reason: string;
  approved_at: Date;
}

/** The model that answers for a stream. */
export interface AliasTable {
  stream: string;
  /** `*` for everybody who has none of his own. */
  strategy: string;
  kind: ModelKind;
  alias: Alias;
  /** Null where the last one was withdrawn. */
  model_id: string | null;
  generation: number;
  changed_at: Date;
}

/** Every change of an alias. */
export interface PromotionTable {
  stream: string;
  strategy: string;
  kind: ModelKind;
  alias: Alias;
  generation: number;
  /** Null where nobody came after the one before. */
  model_id: string | null;
  previous_model_id: string | null;
  change: AliasChange;
  changed_by: string;
  reason: string;
  changed_at: Date;
}

/** What a model said of a bar that closed after it was made. */
export interface LiveScoreTable {
  model_id: string;
  open_at: Date;
  /** Of the bar's features given all bars before, in nats. */
  log_likelihood: number;
  state: number;
  trend: number;
  risk: number;
}

/** Running; proved: better, and waits for a sign-off; or over. */
export type TrialStatus = 'running' | 'proved' | 'promoted' | 'withdrawn';

/** A challenger beside the champion of a place. */
export interface ShadowTrialTable {
  trial_id: Generated<string>;
  stream: string;
  /** `*` for everybody who has none of his own. */
  strategy: string;
  kind: ModelKind;
  model_id: string;
  champion_id: string;
  /** That it must run. */
  days: number;
  started_at: Date;
  status: Generated<TrialStatus>;
  /** That both judged. */
  bars: Generated<number>;
  /** Challenger less champion, in nats a bar; null before there are bars enough. */
  mean_difference: number | null;
  lower_bound: number | null;
  upper_bound: number | null;
  gates: JSONColumnType<GateJson[], string | undefined, string>;
  /** Why it ended, or what is missing. */
  reason: string | null;
  checked_at: Date | null;
  ended_at: Date | null;
}

/** For param_controller: which models answer, and until when. */
export interface AliasInForceView {
  stream: string;
  strategy: string;
  kind: ModelKind;
  alias: Alias;
  model_id: string | null;
  instrument: string | null;
  expires_at: Date | null;
}

/** The tables and views of schema `ml`, by qualified name. */
export interface MlTables {
  'ml.run': TrainingRunTable;
  'ml.run_event': TrainingRunEventTable;
  'ml.run_file': RunFileTable;
  'ml.model': ModelTable;
  'ml.judgement': JudgementTable;
  'ml.model_report': ModelReportTable;
  'ml.approval': ApprovalTable;
  'ml.alias': AliasTable;
  'ml.alias_in_force': AliasInForceView;
  'ml.live_score': LiveScoreTable;
  'ml.shadow_trial': ShadowTrialTable;
  'ml.promotion': PromotionTable;
}
