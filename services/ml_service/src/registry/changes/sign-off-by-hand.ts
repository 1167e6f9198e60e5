import type { Trx } from '@aistock/database';
import { emitEvent, ServiceError, type Handlers } from '@aistock/service-kit';
import { SERVICE_NAMES, type registryRoutes } from '@aistock/shared';
import { findAlias, lockPlace, type Accountable } from '../aliases.ts';
import { noteApproval } from '../approvals.ts';
import { signOff } from '../champion.ts';
import { approvalToWire } from '../to-wire.ts';
import type { ChangeContext } from './change-context.ts';
import { refuseUnproved, usableModel } from './usable-model.ts';

type Approved = Awaited<ReturnType<Handlers<typeof registryRoutes>['approve']>>;

/**
 * Notes that a person answers for a model that trades money for a strategy; where it is its champion, live sessions get it.
 * @throws ServiceError `not_a_person`, and as {@link usableModel} and {@link refuseUnproved}.
 */
export async function signOffByHand(
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

/** A person answers for what trades money. */
function refuseServices(by: string): void {
  const names: readonly string[] = [...SERVICE_NAMES, 'ml_scheduler'];
  if (!names.includes(by.toLowerCase())) return;
  throw new ServiceError('not_a_person', 422, `${by} is no person`, {
    fields: [{ field: 'by', message: 'must be the name of the person who signs' }],
  });
}
