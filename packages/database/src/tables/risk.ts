import type { Denial, Limits, Side } from '@aistock/shared';
import type { Generated, GeneratedAlways, JSONColumnType, Selectable } from 'kysely';

/** The tables of schema `risk`, by qualified name. */
export interface RiskTables {
  'risk.limits': LimitsTable;
  'risk.kill_epoch': KillEpochTable;
  'risk.kill': KillTable;
  'risk.permit_key': PermitKeyTable;
  'risk.permit': PermitTable;
  'risk.denial': DenialTable;
}

interface LimitsTable {
  account: string;
  version: number;
  limits: JSONColumnType<Limits, string, never>;
  set_by: string;
  reason: string;
  set_at: GeneratedAlways<Date>;
}
export type LimitsRow = Selectable<LimitsTable>;

interface KillEpochTable {
  only_row: Generated<boolean>;
  epoch: number;
}

interface KillTable {
  kill_id: string;
  scope: string;
  level: 'reducing' | 'halted';
  killed_by: string;
  reason: string;
  killed_at: GeneratedAlways<Date>;
  kill_epoch: number;
  lifted_by: string | null;
  lift_reason: string | null;
  lifted_at: Date | null;
}
export type KillRow = Selectable<KillTable>;

interface PermitKeyTable {
  key_id: string;
  public_key: string;
  registered_at: GeneratedAlways<Date>;
}

interface PermitTable {
  permit_id: string;
  key_id: string;
  account: string;
  strategy: string;
  instrument: string;
  side: Side;
  quantity: string;
  limit_price: string | null;
  stop_price: string | null;
  reference_price: string;
  client_order_id: string;
  decision_id: string;
  terms_sha256: string;
  limits_version: number;
  kill_epoch: number;
  as_of: Date;
  issued_at: Date;
  expires_at: Date;
  signature: string;
}
export type PermitRow = Selectable<PermitTable>;

interface DenialTable {
  denial_id: string;
  account: string;
  strategy: string;
  instrument: string;
  client_order_id: string;
  decision_id: string;
  terms_sha256: string;
  denials: JSONColumnType<Denial[], string, never>;
  as_of: Date;
  denied_at: GeneratedAlways<Date>;
}
export type DenialRow = Selectable<DenialTable>;
