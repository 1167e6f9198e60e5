import type { Trx } from '@aistock/database';
import { MODEL_FEATURE_NAMES } from '@aistock/market';
import { storeCarried } from '../../registry/artefact.ts';
import { streamParts } from '../../stream-parts.ts';
import { evidenceReport } from '../../validation/evidence-report.ts';
import type { TrainingResult } from '../train-challenger.ts';
import type { FinishedTraining } from './finished-training.ts';

export async function insertModel(
  trx: Trx,
  modelId: string,
  { claim, champion, outcome, at, expiresAt }: FinishedTraining,
): Promise<void> {
  const { prepared, result, artefact, validation } = outcome;
  await trx
    .insertInto('ml.model')
    .values({
      model_id: modelId,
      run_id: claim.runId,
      stream: claim.stream,
      ...streamParts(claim.stream),
      kind: 'regime',
      algorithm: claim.terms.algorithm,
      parent_model_id: champion?.model_id ?? null,
      states: result.states,
      sha256: artefact.sha256,
      artefact: artefact.text,
      carried: storeCarried({
        statistics: result.carried,
        tail: prepared.tail,
        trainedFromMs: prepared.trainedFromMs,
        bars: prepared.barsCarried,
      }),
      features: [...MODEL_FEATURE_NAMES],
      trained_from_at: new Date(prepared.trainedFromMs),
      trained_to_at: new Date(prepared.trainedToMs),
      bars: prepared.barsInLine,
      bic: result.bic,
      log_likelihood: result.logLikelihood,
      holdout_log_likelihood: result.holdout,
      gates: JSON.stringify(validation.gates),
      gates_passed: validation.promote,
      report: JSON.stringify({ ...reportOf(result), ...evidenceReport(validation) }),
      created_at: at,
      expires_at: expiresAt,
    })
    .execute();
}

function reportOf({
  candidates,
  baselineHoldout,
  championHoldout,
  occupancyShareMin,
  regression,
}: TrainingResult) {
  return {
    candidates: candidates.map(({ states, bic, logLikelihood, converged }) => ({
      states,
      bic,
      log_likelihood: logLikelihood,
      converged,
    })),
    holdout_one_state: baselineHoldout,
    holdout_champion: championHoldout,
    occupancy_share_min: occupancyShareMin,
    next_return_on_regime: {
      r2_train: regression.r2Train,
      r2_holdout: regression.r2Holdout,
      weights: regression.weights,
    },
  };
}
