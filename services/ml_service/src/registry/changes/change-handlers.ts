import type { Db, Trx } from '@aistock/database';
import type { Handlers } from '@aistock/service-kit';
import type { registryRoutes } from '@aistock/shared';
import { findAlias, lockPlace, type Accountable } from '../aliases.ts';
import { promote } from '../champion.ts';
import { modelUnknown } from '../model-unknown.ts';
import { findModel } from '../models.ts';
import { modelToWire, type ModelOnWire } from '../to-wire.ts';
import type { ChangeContext } from './change-context.ts';
import { rollBackByHand } from './roll-back-by-hand.ts';
import { signOffByHand } from './sign-off-by-hand.ts';
import { refuseUnproved, usableModel } from './usable-model.ts';

type ChangeHandlers = Pick<Handlers<typeof registryRoutes>, 'promote' | 'approve' | 'rollback'>;

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
    approve: ({ params, body }) =>
      changed((trx) => signOffByHand(trx, context, { modelId: params.id, ...body })),
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

async function readModel(db: Db, modelId: string): Promise<ModelOnWire> {
  const model = await findModel(db, modelId);
  if (!model) throw modelUnknown(modelId);
  return modelToWire(model);
}
