import type { Db, Trx } from '@aistock/database';
import { emitEvent, ServiceError, type Clock, type Handlers } from '@aistock/service-kit';
import { SERVICE_NAMES, type registryRoutes } from '@aistock/shared';
import { findAlias, lockPlace, type Accountable, type Place } from './aliases.ts';
import { isApproved, noteApproval } from './approvals.ts';
import { assertSound } from './assert-sound.ts';
import { promote, rollBack, signOff } from './champion.ts';
import { missingGates } from './gates.ts';
import { modelUnknown } from './model-unknown.ts';
import { findModel, loadModelRow, type ModelSummary } from './models.ts';
import { readSteps } from './promotions.ts';
import { rollbackTargets } from './rollback-targets.ts';
import { approvalToWire, modelToWire, type ModelOnWire } from './to-wire.ts';

export interface ChangeContext {
  readonly db: Db;
  readonly clock: Clock;
  /** How many models a place can be rolled back to. */
  readonly keep: number;
  /** Reads the registry that this process answers by again. */
  readonly refresh: () => Promise<unknown>;
}

type ChangeHandlers = Pick<Handlers<typeof registryRoutes>, 'promote' | 'approve' | 'rollback'>;
type Approved = Awaited<ReturnType<ChangeHandlers['approve']>>;

/** Changes of the registry by people. This process answers by a change once it has told of it, others soon after. */
export function changeHandlers(context: ChangeContext): ChangeHandlers {
  const { db, refresh } = context;
  const changed = async <T>(work: (trx: Trx) => Promise<T>): Promise<T> => {
    const done = await db.transaction().execute(work);
    await refresh();
    return done;
  };
  return {
    promote: async ({ params, body }) => {
      await changed((trx) => promoteByHand(trx, context, { modelId: params.id, ...body }));
      return readModel(db, params.id);
    },
    approve: ({ params, body }) => changed((trx) => approve(trx, context, { modelId: params.id, ...body })),
    rollback: async ({ body: { stream, strategy, kind, to, ...who } }) => {
      const place = { stream, strategy, kind };
      return readModel(db, await changed((trx) => rollBackByHand(trx, context, { place, to, ...who })));
    },
  };
}

async function promoteByHand(
  trx: Trx,
  { clock }: ChangeContext,
  { modelId, strategy, ...who }: Accountable & { readonly modelId: string; readonly strategy: string },
): Promise<void> {
  const model = await usableModel(trx, modelId, clock.nowMs());
  await refuseUnproved(trx, model, strategy);
  const place = { stream: model.stream, strategy, kind: model.kind };
  await lockPlace(trx, place);
  const previous = await findAlias(trx, place, 'champion');
  if (previous?.model_id === modelId) return;
  await promote(trx, place, { ...who, modelId, previous, at: new Date(clock.nowMs()) });
}

async function approve(
  trx: Trx,
  { clock }: ChangeContext,
  { modelId, strategy, ...who }: Accountable & { readonly modelId: string; readonly strategy: string },
): Promise<Approved> {
  refuseServices(who.by);
  const at = new Date(clock.nowMs());
  const model = await usableModel(trx, modelId, clock.nowMs());
  await refuseUnproved(trx, model, strategy);
  const place = { stream: model.stream, strategy, kind: model.kind };
  await lockPlace(trx, place);
  const { row, isNew } = await noteApproval(trx, {
    model_id: modelId,
    strategy,
    approved_at: at,
    approved_by: who.by,
    reason: who.reason,
  });
  const champion = await findAlias(trx, place, 'champion');
  const live = champion?.model_id === modelId;
  if (live) await signOff(trx, place, { ...who, modelId, at });
  const approval = approvalToWire(row);
  if (isNew)
    await emitEvent(trx, {
      kind: 'model.approved',
      subject: modelId,
      payload: { ...approval, ...place, live },
    });
  return { ...approval, live };
}

async function rollBackByHand(
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

/**
 * A model that would answer: it has not expired, and gives the numbers that it gave when it was stored.
 * @throws ServiceError `model_unknown`, `model_expired` or `model_unsound`.
 */
async function usableModel(db: Db, modelId: string, nowMs: number): Promise<ModelSummary> {
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

async function refuseUnproved(db: Db, model: ModelSummary, strategy: string): Promise<void> {
  const missing = await missingGates(db, model, strategy);
  if (missing.length === 0) return;
  const detail = `model ${model.model_id} did not pass ${missing.join(', ')} for ${strategy}`;
  throw new ServiceError('gates_not_passed', 409, detail);
}

/** A person answers for what trades money. */
function refuseServices(by: string): void {
  const names: readonly string[] = [...SERVICE_NAMES, 'ml_scheduler'];
  if (!names.includes(by.toLowerCase())) return;
  throw new ServiceError('not_a_person', 422, `${by} is no person`, {
    fields: [{ field: 'by', message: 'must be the name of the person who signs' }],
  });
}

async function readModel(db: Db, modelId: string): Promise<ModelOnWire> {
  const model = await findModel(db, modelId);
  if (!model) throw modelUnknown(modelId);
  return modelToWire(model);
}
