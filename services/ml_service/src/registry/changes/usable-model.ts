import type { Db } from '@aistock/database';
import { ServiceError } from '@aistock/service-kit';
import { assertSound } from '../assert-sound.ts';
import { missingGates } from '../gates.ts';
import { modelUnknown } from '../model-unknown.ts';
import { findModel, loadModelRow, type ModelSummary } from '../models.ts';

/**
 * A model that would answer: it has not expired, and gives the numbers that it gave when it was stored.
 * @throws ServiceError `model_unknown`, `model_expired` or `model_unsound`.
 */
export async function usableModel(db: Db, modelId: string, nowMs: number): Promise<ModelSummary> {
  const [model, row] = [await findModel(db, modelId), await loadModelRow(db, modelId)];
  if (!model || !row) throw modelUnknown(modelId);
  if (model.expires_at.getTime() <= nowMs)
    throw new ServiceError(
      'model_expired',
      409,
      `model ${modelId} expired ${model.expires_at.toISOString()}`,
    );
  assertSound(row);
  return model;
}

/** @throws ServiceError `gates_not_passed` with every gate that keeps a model from answering for a strategy. */
export async function refuseUnproved(db: Db, model: ModelSummary, strategy: string): Promise<void> {
  const { failed, isJudged } = await missingGates(db, model, strategy);
  const reasons = [
    ...(failed.length > 0 ? [`did not pass ${failed.join(', ')} for ${strategy}`] : []),
    ...(isJudged
      ? []
      : [`was never judged for ${strategy}; POST /train judges for the strategies that it names`]),
  ];
  if (reasons.length === 0) return;
  throw new ServiceError('gates_not_passed', 409, `model ${model.model_id} ${reasons.join(', and ')}`);
}
