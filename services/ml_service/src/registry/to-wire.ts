import type { Model, TrainingRun } from '@aistock/shared';
import type { z } from 'zod';
import type { ModelSummary } from './models.ts';
import type { RunRow } from './runs.ts';

export type ModelOnWire = z.output<typeof Model>;
export type RunOnWire = z.output<typeof TrainingRun>;

export function modelToWire(row: ModelSummary): ModelOnWire {
  return {
    model_id: row.model_id,
    stream: row.stream,
    instrument: row.instrument,
    timeframe: row.timeframe,
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
    status: row.generation !== null ? 'active' : row.was_active ? 'retired' : 'challenger',
    gates: row.gates,
    created_ms: row.created_at.getTime(),
    expires_ms: row.expires_at.getTime(),
  };
}

export function runToWire(row: RunRow, model: ModelSummary | undefined): RunOnWire {
  return {
    run_id: row.run_id,
    stream: row.stream,
    status: row.status,
    started_ms: row.started_at.getTime(),
    finished_ms: row.finished_at?.getTime() ?? null,
    files: row.files,
    bars: row.bars,
    exactly_once: row.exactly_once,
    model: model ? modelToWire(model) : null,
    promoted: row.promoted,
    champion_id: row.champion_id,
    problem: row.problem_code === null ? null : { code: row.problem_code, detail: row.problem_detail ?? '' },
  };
}
