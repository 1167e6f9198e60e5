import type { Db, Trx } from '@aistock/database';
import { ServiceError } from '@aistock/service-kit';
import { findAlias, lockPlace, type Accountable, type Place } from '../aliases.ts';
import { isApproved } from '../approvals.ts';
import { rollBack } from '../champion.ts';
import { findModel, type ModelSummary } from '../models.ts';
import { readSteps } from '../promotions.ts';
import { rollbackTargets } from '../rollback-targets.ts';
import type { ChangeContext } from './change-context.ts';
import { usableModel } from './usable-model.ts';

/**
 * Makes a model champion again: the one before, or the one that is named.
 * @returns its id. @throws ServiceError `no_active_model`, `no_previous_model`, `no_rollback_target`, and as {@link usableModel}.
 */
export async function rollBackByHand(
  trx: Trx,
  { clock, keep }: ChangeContext,
  { place, to, ...who }: Accountable & { readonly place: Place; readonly to: string | undefined },
): Promise<string> {
  const { stream, strategy } = place;
  await lockPlace(trx, place);
  const previous = await findAlias(trx, place, 'champion');
  if (!previous) throw new ServiceError('no_active_model', 404, `no model is active for ${stream}`);
  const targets = rollbackTargets(await readSteps(trx, place), keep);
  const modelId = to ?? (await firstUsable(trx, targets, clock.nowMs()));
  if (modelId === undefined) {
    const detail = `no model that could answer was champion of ${strategy} on ${stream} before this one`;
    throw new ServiceError('no_previous_model', 409, detail);
  }
  const model = await usableModel(trx, modelId, clock.nowMs());
  if (!targets.includes(modelId) && !(await isSignedOff(trx, place, model))) {
    const message = `must be one of ${targets.join(', ') || 'none yet'}`;
    throw new ServiceError('no_rollback_target', 409, `model ${modelId} cannot be gone back to`, {
      fields: [{ field: 'to', message }],
    });
  }
  const passedOver = targets.slice(0, Math.max(0, targets.indexOf(modelId)));
  await rollBack(trx, place, { ...who, modelId, previous, passedOver, at: new Date(clock.nowMs()) });
  return modelId;
}

/** What a person has signed off for a strategy can be gone back to, also where it was never its champion. */
async function isSignedOff(db: Db, place: Place, model: ModelSummary): Promise<boolean> {
  const fits = model.stream === place.stream && model.kind === place.kind;
  return fits && (await isApproved(db, model.model_id, place.strategy));
}

/** Expired models are left out: nobody would be answered by them. */
async function firstUsable(db: Db, targets: readonly string[], nowMs: number): Promise<string | undefined> {
  for (const modelId of targets) {
    const model = await findModel(db, modelId);
    if (model && model.expires_at.getTime() > nowMs) return modelId;
  }
  return undefined;
}
