import type { TrainingEvent, TrainingRun } from '@aistock/shared';
import type { ModelSummary } from '../../registry/models.ts';
import { modelToWire } from '../../registry/to-wire.ts';
import type { RunEventRow, RunRow } from './run-store.ts';
import type { TrainingTerms } from './training-terms.ts';

export function runToWire(row: RunRow, model: ModelSummary | undefined): TrainingRun {
  const terms = row.request as unknown as TrainingTerms;
  return {
    run_id: row.run_id,
    stream: row.stream,
    status: row.status,
    algorithm: terms.algorithm,
    strategies: [...terms.strategies],
    window_bars: terms.window_bars,
    exactly_once: row.exactly_once,
    hyperparameters: { ...terms.hyperparameters },
    seed: row.seed,
    progress: progressOf(row),
    attempts: row.attempts,
    created_ms: row.created_at.getTime(),
    started_ms: row.started_at?.getTime() ?? null,
    finished_ms: row.finished_at?.getTime() ?? null,
    files: row.files,
    bars: row.bars,
    model: model ? modelToWire(model) : null,
    promoted: row.promoted,
    champion_id: row.champion_id,
    problem: row.problem_code === null ? null : { code: row.problem_code, detail: row.problem_detail ?? '' },
  };
}

export function eventToWire(row: RunEventRow): TrainingEvent {
  return {
    event_id: row.event_id,
    run_id: row.run_id,
    status: row.status,
    progress: progressOf(row),
    at_ms: row.at.getTime(),
  };
}

function progressOf({ phase, progress, message }: Pick<RunRow, 'phase' | 'progress' | 'message'>) {
  return { phase, share: progress, message };
}
