import type { Model } from '@aistock/shared';
import type { z } from 'zod';
import type { ApprovalRow } from './approvals.ts';
import type { ModelSummary } from './models.ts';

export type ModelOnWire = z.output<typeof Model>;

export function modelToWire(row: ModelSummary): ModelOnWire {
  return {
    model_id: row.model_id,
    stream: row.stream,
    instrument: row.instrument,
    timeframe: row.timeframe,
    kind: row.kind,
    algorithm: row.algorithm,
    states: row.states,
    sha256: row.sha256,
    run_id: row.run_id,
    trained_from_ms: row.trained_from_at.getTime(),
    trained_to_ms: row.trained_to_at.getTime(),
    bars: row.bars,
    bic: row.bic,
    log_likelihood: row.log_likelihood,
    holdout_log_likelihood: row.holdout_log_likelihood,
    features: row.features,
    status: row.is_champion ? 'active' : row.was_champion ? 'retired' : 'challenger',
    gates: row.gates,
    code_version: row.code_version,
    parent_model_id: row.parent_model_id,
    created_ms: row.created_at.getTime(),
    expires_ms: row.expires_at.getTime(),
  };
}

export function approvalToWire({ model_id, strategy, approved_by, reason, approved_at }: ApprovalRow) {
  return { model_id, strategy, by: approved_by, reason, approved_ms: approved_at.getTime() };
}
