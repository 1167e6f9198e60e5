import type { GeneratedAlways, JSONColumnType, Selectable } from 'kysely';

export interface ParamsTables {
  'params.preset': PresetTable;
  'params.mode': ModeTable;
  'params.posterior': PosteriorTable;
  'params.decision': DecisionTable;
  'params.outcome': OutcomeTable;
}

type Mode = 'fixed' | 'epsilon_greedy' | 'thompson';

interface PresetTable {
  strategy: string;
  instrument: string;
  preset_id: string;
  description: string;
  params: JSONColumnType<Record<string, number>, string, never>;
  registered_by: string;
  reason: string;
  registered_at: Date;
}
export type PresetRow = Selectable<PresetTable>;

interface ModeTable {
  strategy: string;
  instrument: string;
  mode: Mode;
  preset_id: string | null;
  set_by: string;
  reason: string;
  set_at: Date;
}
export type ModeRow = Selectable<ModeTable>;

interface PosteriorTable {
  strategy: string;
  instrument: string;
  preset_id: string;
  arm_sha256: string;
  dimensions: number;
  precision_matrix: number[];
  reward_vector: number[];
  reward_sum: number;
  outcomes: number;
  updated_at: Date;
}
export type PosteriorRow = Selectable<PosteriorTable>;

interface DecisionTable {
  config_id: string;
  strategy: string;
  instrument: string;
  preset_id: string;
  params: JSONColumnType<Record<string, number>, string, never>;
  arm_sha256: string;
  propensity: number;
  propensities: JSONColumnType<Record<string, number>, string, never>;
  scores: JSONColumnType<Record<string, { mean: number; sd: number }>, string, never>;
  draw: number;
  mode: Mode;
  fallback: string | null;
  features: JSONColumnType<Record<string, number>, string, never>;
  context: number[];
  generation: number;
  model_id: string | null;
  schema_sha256: string;
  decided_at: Date;
  expires_at: Date;
  recorded_at: GeneratedAlways<Date>;
}
export type DecisionRow = Selectable<DecisionTable>;

interface OutcomeTable {
  config_id: string;
  reward: number;
  reward_learned: number;
  closed_at: Date;
  learned_at: Date;
}
export type OutcomeRow = Selectable<OutcomeTable>;
