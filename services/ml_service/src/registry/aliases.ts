import type { Alias, AliasChange, AliasTable, Db, ModelKind, Trx } from '@aistock/database';
import { sql } from 'kysely';

/** Whom models of a stream and a kind answer: a strategy, or `*` for everybody who has none of his own. */
export interface Place {
  readonly stream: string;
  readonly strategy: string;
  readonly kind: ModelKind;
}

/** Which model an alias names, and how often that has changed. */
export type AliasState = Pick<AliasTable, 'model_id' | 'generation'>;

export interface Accountable {
  readonly by: string;
  readonly reason: string;
}

/** Somebody else changed an alias in the meantime. Roll back and decide again. */
export class AliasChanged extends Error {
  override readonly name = 'AliasChanged';
}

/** Until the transaction ends nobody else changes an alias of the place, nor signs a model off for it. */
export async function lockPlace(trx: Trx, { stream, strategy, kind }: Place): Promise<void> {
  const name = `ml.alias ${stream} ${strategy} ${kind}`;
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(trx);
}

/** An alias as it is stored. */
export interface FoundAlias extends AliasState {
  /** The model that it names, or named last where that was withdrawn: what comes after it is still measured against it. */
  readonly last_model_id: string | null;
}

export async function findAlias(db: Db, place: Place, alias: Alias): Promise<FoundAlias | undefined> {
  return db
    .selectFrom('ml.alias as own')
    .leftJoin('ml.promotion as step', (join) =>
      join
        .onRef('step.stream', '=', 'own.stream')
        .onRef('step.strategy', '=', 'own.strategy')
        .onRef('step.kind', '=', 'own.kind')
        .onRef('step.alias', '=', 'own.alias')
        .onRef('step.generation', '=', 'own.generation'),
    )
    .select(['own.model_id', 'own.generation'])
    .select((eb) => eb.fn.coalesce('own.model_id', 'step.previous_model_id').as('last_model_id'))
    .where('own.stream', '=', place.stream)
    .where('own.strategy', '=', place.strategy)
    .where('own.kind', '=', place.kind)
    .where('own.alias', '=', alias)
    .executeTakeFirst();
}

export interface NextAlias extends Accountable {
  readonly alias: Alias;
  /** Null where nobody comes after the one before. */
  readonly modelId: string | null;
  /** What the alias named when this was decided; undefined where it did not exist. */
  readonly previous: AliasState | undefined;
  readonly change: AliasChange;
  readonly at: Date;
}

/**
 * Lets an alias name a model, provided that nothing changed since the decision, and notes it for good.
 * @returns the new generation.
 * @throws AliasChanged where the alias is another one by now; the transaction must roll back.
 */
export async function changeAlias(trx: Trx, place: Place, next: NextAlias): Promise<number> {
  const { stream, strategy, kind } = place;
  const { alias, modelId, previous, at } = next;
  const generation = (previous?.generation ?? 0) + 1;
  const swapped = previous ? await swap(trx, place, next) : await begin(trx, place, next);
  if (!swapped) throw new AliasChanged(`the ${alias} of ${strategy} on ${stream} has changed`);
  await trx
    .insertInto('ml.promotion')
    .values({
      stream,
      strategy,
      kind,
      alias,
      generation,
      model_id: modelId,
      previous_model_id: previous?.model_id ?? null,
      change: next.change,
      changed_by: next.by,
      reason: next.reason,
      changed_at: at,
    })
    .execute();
  return generation;
}

async function swap(trx: Trx, place: Place, { alias, modelId, previous, at }: NextAlias): Promise<boolean> {
  const generation = previous?.generation ?? 0;
  const updated = await trx
    .updateTable('ml.alias')
    .set({ model_id: modelId, generation: generation + 1, changed_at: at })
    .where('stream', '=', place.stream)
    .where('strategy', '=', place.strategy)
    .where('kind', '=', place.kind)
    .where('alias', '=', alias)
    .where('generation', '=', generation)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

async function begin(
  trx: Trx,
  { stream, strategy, kind }: Place,
  { alias, modelId, at }: NextAlias,
): Promise<boolean> {
  const inserted = await trx
    .insertInto('ml.alias')
    .values({ stream, strategy, kind, alias, model_id: modelId, generation: 1, changed_at: at })
    .onConflict((conflict) => conflict.columns(['stream', 'strategy', 'kind', 'alias']).doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}
