import type { mlServiceApi, Output } from '@aistock/shared';
import type { TrialRow } from './trial-store.ts';

type TrialOnWire = Output<typeof mlServiceApi.shadow>['trials'][number];

export function trialToWire(row: TrialRow): TrialOnWire {
  const { trial_id, stream, strategy, kind, model_id, champion_id, status, days, bars, gates, reason } = row;
  return {
    trial_id,
    stream,
    strategy,
    kind,
    model_id,
    champion_id,
    status,
    days,
    bars,
    gates,
    reason,
    since_ms: row.started_at.getTime(),
    mean_difference: row.mean_difference,
    lower: row.lower_bound,
    upper: row.upper_bound,
    checked_ms: row.checked_at?.getTime() ?? null,
    ended_ms: row.ended_at?.getTime() ?? null,
  };
}
