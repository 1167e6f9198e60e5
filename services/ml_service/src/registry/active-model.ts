import type { Db, PromotionTable, Trx } from '@aistock/database';
import type { Selectable } from 'kysely';

/** Which model is active for a stream, and how often that has changed. */
export interface ActiveModel {
  readonly model_id: string;
  readonly generation: number;
}

/** Somebody else changed the active model in the meantime. Roll back and decide again. */
export class ActiveModelChanged extends Error {
  override readonly name = 'ActiveModelChanged';
}

export async function findActive(db: Db, stream: string): Promise<ActiveModel | undefined> {
  return db
    .selectFrom('ml.active')
    .select(['model_id', 'generation'])
    .where('stream', '=', stream)
    .executeTakeFirst();
}

export interface ActiveChange {
  readonly stream: string;
  readonly modelId: string;
  /** What was active when this was decided. */
  readonly previous: ActiveModel | undefined;
  readonly kind: 'promoted' | 'rolled_back';
  readonly by: string;
  readonly reason: string;
  readonly at: Date;
}

/**
 * Makes a model active, provided that nothing changed since the decision, and notes it for good.
 * @returns the new generation.
 * @throws ActiveModelChanged where the stream has another active model by now; the transaction must roll back.
 */
export async function changeActive(trx: Trx, change: ActiveChange): Promise<number> {
  const generation = (change.previous?.generation ?? 0) + 1;
  const swapped = change.previous ? await swap(trx, change, generation) : await activateFirst(trx, change);
  if (!swapped) throw new ActiveModelChanged(`the active model of ${change.stream} has changed`);
  await trx
    .insertInto('ml.promotion')
    .values({
      stream: change.stream,
      generation,
      model_id: change.modelId,
      previous_model_id: change.previous?.model_id ?? null,
      kind: change.kind,
      changed_by: change.by,
      reason: change.reason,
      changed_at: change.at,
    })
    .execute();
  return generation;
}

async function swap(
  trx: Trx,
  { stream, modelId, previous, at }: ActiveChange,
  generation: number,
): Promise<boolean> {
  const updated = await trx
    .updateTable('ml.active')
    .set({ model_id: modelId, generation, changed_at: at })
    .where('stream', '=', stream)
    .where('generation', '=', previous?.generation ?? 0)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

async function activateFirst(trx: Trx, { stream, modelId, at }: ActiveChange): Promise<boolean> {
  const inserted = await trx
    .insertInto('ml.active')
    .values({ stream, model_id: modelId, generation: 1, changed_at: at })
    .onConflict((conflict) => conflict.column('stream').doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}

/** How a model last came to be active other than by a rollback: what a rollback from it goes back to. */
export async function findPromotionOf(
  db: Db,
  stream: string,
  modelId: string,
): Promise<Selectable<PromotionTable> | undefined> {
  return db
    .selectFrom('ml.promotion')
    .selectAll()
    .where('stream', '=', stream)
    .where('model_id', '=', modelId)
    .where('kind', '=', 'promoted')
    .orderBy('generation', 'desc')
    .limit(1)
    .executeTakeFirst();
}
