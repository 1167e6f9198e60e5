import type { Db, Trx } from '@aistock/database';
import type { LiveVerdict, PromotionPolicy } from '@aistock/promotion';
import { emitEvent, ServiceError } from '@aistock/service-kit';
import { AliasChanged, changeAlias, lockPlace } from '../../registry/aliases.ts';
import { isApproved } from '../../registry/approvals.ts';
import { demote, rollBack, type Rollback } from '../../registry/champion.ts';
import { findModel } from '../../registry/models.ts';
import { readSteps } from '../../registry/promotions.ts';
import { rollbackTargets } from '../../registry/rollback-targets.ts';
import type { NamedModel } from '../../registry/snapshot.ts';
import type { LivePath } from '../scores/live-path.ts';
import type { Watched } from './watched-entries.ts';
import { isBetterOnWindow, type LeftWindow } from './better-on-window.ts';

const LEFT_BY = 'ml_service';

export interface FallBackContext {
  readonly db: Db;
  /** How many models a place can be rolled back to. */
  readonly keep: number;
  /** A model over the bars that have closed by now. */
  readonly path: (model: NamedModel) => Promise<LivePath>;
}

/** A model that answers and no longer fits. */
export interface Degraded {
  readonly entry: Watched;
  /** Whether the place has a model that trades money. */
  readonly live: boolean;
  readonly window: LeftWindow;
  readonly verdict: LiveVerdict;
  readonly policy: PromotionPolicy;
  readonly at: Date;
}

export type FallenBack = 'rolled_back' | 'demoted' | 'live_withdrawn';

/**
 * Leaves a model that no longer fits: for the last champion before it that is better on the same bars, or for nobody. Of several
 * replicas one does it. @returns undefined where another one was first.
 */
export async function fallBack(
  context: FallBackContext,
  degraded: Degraded,
): Promise<FallenBack | undefined> {
  const { entry } = degraded;
  const target = entry.alias === 'champion' ? await findTarget(context, degraded) : undefined;
  try {
    return await context.db.transaction().execute((trx) => leave(trx, degraded, target));
  } catch (error) {
    if (error instanceof AliasChanged) return undefined;
    throw error;
  }
}

async function leave(
  trx: Trx,
  { entry, verdict, at }: Degraded,
  target: Target | undefined,
): Promise<FallenBack> {
  const { stream, strategy, kind, generation, model } = entry;
  const place = { stream, strategy, kind };
  const step = {
    previous: { model_id: model.model_id, generation },
    by: LEFT_BY,
    reason: `it no longer fits the bars that come: ${verdict.reason}`.slice(0, 500),
    at,
  };
  const alert = (name: string) =>
    emitEvent(trx, {
      kind: 'alert.raised',
      subject: model.model_id,
      payload: {
        alert: name,
        ...place,
        model_id: model.model_id,
        to_model_id: target?.modelId ?? null,
        reason: step.reason,
        bars: verdict.bars,
        gates: verdict.gates.map((gate) => ({ ...gate })),
      },
    });
  await lockPlace(trx, place);
  if (entry.alias === 'live') {
    await changeAlias(trx, place, { ...step, alias: 'live', modelId: null, change: 'withdrawn' });
    await alert('live_model_degraded');
    return 'live_withdrawn';
  }
  if (target === undefined) {
    await demote(trx, place, step);
    await alert('model_degraded');
    return 'demoted';
  }
  await rollBack(trx, place, { ...step, ...target });
  await alert('model_degraded');
  return 'rolled_back';
}

/** A former champion, and those that came after it. */
type Target = Pick<Rollback, 'modelId' | 'passedOver'>;

/** What a person has signed off comes first where the place trades money: live sessions go on with it. */
async function findTarget(context: FallBackContext, degraded: Degraded): Promise<Target | undefined> {
  const { db, keep } = context;
  const { entry, live } = degraded;
  const former = rollbackTargets(await readSteps(db, entry), keep);
  const signed: string[] = [];
  if (live)
    for (const modelId of former) if (await isApproved(db, modelId, entry.strategy)) signed.push(modelId);
  for (const modelId of new Set([...signed, ...former]))
    if (await isBetter(context, degraded, modelId))
      return { modelId, passedOver: former.slice(0, former.indexOf(modelId)) };
  return undefined;
}

async function isBetter(
  { db, path }: FallBackContext,
  degraded: Degraded,
  modelId: string,
): Promise<boolean> {
  const { window, policy, at } = degraded;
  const model = await findModel(db, modelId);
  if (!model || model.expires_at.getTime() <= at.getTime()) return false;
  try {
    return isBetterOnWindow(await path(model), window, policy);
  } catch (error) {
    // One that cannot answer is nothing to go back to.
    if (error instanceof ServiceError && CANNOT_ANSWER.has(error.code)) return false;
    throw error;
  }
}

const CANNOT_ANSWER: ReadonlySet<string> = new Set(['model_unsound', 'features_unknown']);
