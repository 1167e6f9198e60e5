import type { Db, DecisionRow } from '@aistock/database';
import type { ParamDecision } from '@aistock/shared';

export async function findDecision(db: Db, configId: string): Promise<DecisionRow | undefined> {
  return db.selectFrom('params.decision').selectAll().where('config_id', '=', configId).executeTakeFirst();
}

export function toParamDecision(row: Omit<DecisionRow, 'recorded_at'>): ParamDecision {
  return {
    config_id: row.config_id,
    strategy: row.strategy,
    instrument: row.instrument,
    preset_id: row.preset_id,
    params: row.params,
    propensity: row.propensity,
    propensities: row.propensities,
    mode: row.mode,
    fallback: row.fallback,
    features: row.features,
    model_id: row.model_id,
    schema_sha256: row.schema_sha256,
    decided_ms: row.decided_at.getTime(),
    expires_ms: row.expires_at.getTime(),
  };
}
