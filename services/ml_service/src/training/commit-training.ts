import { randomUUID } from 'node:crypto';
import type { Db, ModelAlgorithm, Trx } from '@aistock/database';
import { finishClaims, intendDeletion, StaleClaim, type LedgerFileRow } from '@aistock/ledger';
import { MODEL_FEATURE_NAMES } from '@aistock/market';
import { emitEvent } from '@aistock/service-kit';
import { canonicalJson, sha256Hex } from '@aistock/shared';
import type { ActiveModel } from '../registry/active-model.ts';
import { changeActive } from '../registry/active-model.ts';
import { storeArtefact, storeCarried, type StoredArtefact } from '../registry/artefact.ts';
import { streamParts } from '../stream-parts.ts';
import type { PromotionDecision } from './decide-promotion.ts';
import type { PreparedJob } from './prepare-job.ts';
import type { TrainingResult } from './train-challenger.ts';

/** An event names so many files itself; the hash over the whole list is always there. */
const FILES_IN_EVENT_MAX = 400;
const PROMOTED_BY = 'ml_service';

export interface FinishedTraining {
  readonly runId: string;
  readonly stream: string;
  readonly algorithm: ModelAlgorithm;
  readonly files: readonly LedgerFileRow[];
  readonly prepared: PreparedJob;
  readonly result: TrainingResult;
  readonly decision: PromotionDecision;
  /** The active model that the decision was made against. */
  readonly champion: ActiveModel | undefined;
  readonly at: Date;
  readonly expiresAt: Date;
  readonly deleteFiles: boolean;
}

/**
 * Writes model, report, promotion, events and the end of the run, and marks the files as processed: all or nothing.
 * @throws StaleClaim where a file is no longer ours or the run was abandoned, ActiveModelChanged where the champion is another one by now.
 */
export async function commitTraining(db: Db, training: FinishedTraining): Promise<string> {
  const { prepared, result } = training;
  const modelId = randomUUID();
  const artefact = storeArtefact(result.model, MODEL_FEATURE_NAMES, prepared.filterFromMs);
  await db.transaction().execute(async (trx) => {
    await insertModel(trx, modelId, artefact, training);
    await endRun(trx, training);
    await emitEvent(trx, trainedEvent(modelId, artefact, training));
    await promoteOrKeep(trx, modelId, training);
    await finishClaims(trx, training.files);
    if (training.deleteFiles)
      await intendDeletion(
        trx,
        training.files.map((file) => file.file_id),
      );
  });
  return modelId;
}

async function insertModel(
  trx: Trx,
  modelId: string,
  artefact: StoredArtefact,
  training: FinishedTraining,
): Promise<void> {
  const { prepared, result, decision } = training;
  await trx
    .insertInto('ml.model')
    .values({
      model_id: modelId,
      run_id: training.runId,
      stream: training.stream,
      ...streamParts(training.stream),
      algorithm: training.algorithm,
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
      gates: JSON.stringify(decision.gates),
      gates_passed: decision.promote,
      report: JSON.stringify(reportOf(result)),
      created_at: training.at,
      expires_at: training.expiresAt,
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

async function endRun(trx: Trx, training: FinishedTraining): Promise<void> {
  const { runId, files } = training;
  await trx
    .updateTable('ml.run')
    .set({
      status: 'trained',
      bars: training.prepared.barsFitted,
      promoted: training.decision.promote,
      champion_id: training.champion?.model_id ?? null,
      finished_at: training.at,
    })
    .where('run_id', '=', runId)
    .where('status', '=', 'running')
    .returning('run_id')
    .executeTakeFirstOrThrow(() => new StaleClaim(files.map(({ file_id }) => file_id)));
  await trx
    .insertInto('ml.run_file')
    .values(
      files.map(({ file_id, sha256, claim_epoch }) => ({ run_id: runId, file_id, sha256, claim_epoch })),
    )
    .execute();
}

async function promoteOrKeep(trx: Trx, modelId: string, training: FinishedTraining): Promise<void> {
  const { stream, champion, decision, at } = training;
  const about = {
    model_id: modelId,
    run_id: training.runId,
    stream,
    champion_id: champion?.model_id ?? null,
  };
  const gates = decision.gates.map((gate) => ({ ...gate }));
  if (!decision.promote) {
    await emitEvent(trx, { kind: 'model.kept', subject: modelId, payload: { ...about, gates } });
    return;
  }
  const reason = 'every gate passed';
  const generation = await changeActive(trx, {
    stream,
    modelId,
    previous: champion,
    kind: 'promoted',
    by: PROMOTED_BY,
    reason,
    at,
  });
  await emitEvent(trx, {
    kind: 'model.promoted',
    subject: modelId,
    payload: { ...about, generation, gates, by: PROMOTED_BY, reason },
  });
}

function trainedEvent(modelId: string, artefact: StoredArtefact, training: FinishedTraining) {
  const { prepared, result } = training;
  const files = training.files.map(({ file_id, sha256 }) => ({ file_id, sha256 }));
  return {
    kind: 'model.trained' as const,
    subject: modelId,
    payload: {
      model_id: modelId,
      run_id: training.runId,
      stream: training.stream,
      algorithm: training.algorithm,
      states: result.states,
      sha256: artefact.sha256,
      trained_from_ms: prepared.trainedFromMs,
      trained_to_ms: prepared.trainedToMs,
      bars: prepared.barsInLine,
      bic: result.bic,
      holdout_log_likelihood: result.holdout,
      files: files.slice(0, FILES_IN_EVENT_MAX),
      files_total: files.length,
      files_sha256: sha256Hex(canonicalJson(files)),
    },
  };
}
