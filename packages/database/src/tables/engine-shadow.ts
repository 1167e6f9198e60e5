import type { Generated, JSONColumnType, Selectable } from 'kysely';

export interface EngineShadowTables {
  'engine.shadow_day': ShadowDayTable;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** A day of a session against the backtest of that day. */
interface ShadowDayTable {
  shadow_id: Generated<string>;
  session_id: string;
  /** Such as `2026-11-21`, UTC. */
  day: string;
  status: Generated<'waiting' | 'judged' | 'done' | 'failed'>;
  attempts: Generated<number>;
  next_at: Generated<Date>;
  claim_epoch: Generated<number>;
  claimed_by: string | null;
  lease_until: Date | null;
  verdict: 'same' | 'alert' | 'reduce' | null;
  result: JSONColumnType<JsonObject | null, string | null, string>;
  kills: JSONColumnType<readonly JsonObject[], string | undefined, string>;
  problem_code: string | null;
  problem_detail: string | null;
  created_at: Generated<Date>;
  finished_at: Date | null;
}
export type ShadowDayRow = Selectable<ShadowDayTable>;
