import type { Db, ModelTable } from '@aistock/database';
import type { Selectable } from 'kysely';

export type ModelRow = Selectable<ModelTable>;
/** A model without its parameters, with what became of it. */
export interface ModelSummary extends Omit<ModelRow, 'artefact' | 'carried' | 'report' | 'card'> {
  /** Of the alias of `*`, where this model is its champion. */
  readonly generation: number | null;
  /** Whether it is champion for anybody. */
  readonly is_champion: boolean;
  /** Whether it ever was. */
  readonly was_champion: boolean;
}

const SUMMARY_COLUMNS = [
  'ml.model.model_id',
  'ml.model.run_id',
  'ml.model.stream',
  'ml.model.instrument',
  'ml.model.timeframe',
  'ml.model.kind',
  'ml.model.algorithm',
  'ml.model.states',
  'ml.model.sha256',
  'ml.model.features',
  'ml.model.trained_from_at',
  'ml.model.trained_to_at',
  'ml.model.bars',
  'ml.model.bic',
  'ml.model.log_likelihood',
  'ml.model.holdout_log_likelihood',
  'ml.model.gates',
  'ml.model.gates_passed',
  'ml.model.code_version',
  'ml.model.parent_model_id',
  'ml.model.created_at',
  'ml.model.expires_at',
] as const;

function summaries(db: Db) {
  return db
    .selectFrom('ml.model')
    .leftJoin('ml.alias', (join) =>
      join
        .onRef('ml.alias.model_id', '=', 'ml.model.model_id')
        .on('ml.alias.alias', '=', 'champion')
        .on('ml.alias.strategy', '=', '*'),
    )
    .select(SUMMARY_COLUMNS)
    .select('ml.alias.generation')
    .select((eb) => [
      eb
        .exists(
          eb
            .selectFrom('ml.alias as own')
            .select('own.stream')
            .whereRef('own.model_id', '=', 'ml.model.model_id')
            .where('own.alias', '=', 'champion'),
        )
        .$castTo<boolean>()
        .as('is_champion'),
      eb
        .exists(
          eb
            .selectFrom('ml.promotion')
            .select('ml.promotion.stream')
            .whereRef('ml.promotion.model_id', '=', 'ml.model.model_id')
            .where('ml.promotion.alias', '=', 'champion'),
        )
        .$castTo<boolean>()
        .as('was_champion'),
    ]);
}

export async function findModel(db: Db, modelId: string): Promise<ModelSummary | undefined> {
  return summaries(db).where('ml.model.model_id', '=', modelId).executeTakeFirst();
}

export async function findModelOfRun(db: Db, runId: string): Promise<ModelSummary | undefined> {
  return summaries(db).where('ml.model.run_id', '=', runId).executeTakeFirst();
}

/** Newest first. */
export async function listModels(
  db: Db,
  filter: { readonly instrument?: string | undefined; readonly limit: number },
): Promise<ModelSummary[]> {
  const { instrument, limit } = filter;
  return summaries(db)
    .$if(instrument !== undefined, (query) => query.where('ml.model.instrument', '=', instrument ?? ''))
    .orderBy('ml.model.created_at', 'desc')
    .orderBy('ml.model.model_id')
    .limit(limit)
    .execute();
}

/** The regime models that answer for everybody, by stream. */
export async function listActive(db: Db, limit: number): Promise<ModelSummary[]> {
  return summaries(db)
    .where('ml.alias.generation', 'is not', null)
    .where('ml.model.kind', '=', 'regime')
    .orderBy('ml.model.stream')
    .limit(limit)
    .execute();
}

/** A whole model, parameters and all. */
export async function loadModelRow(db: Db, modelId: string): Promise<ModelRow | undefined> {
  return db.selectFrom('ml.model').selectAll().where('model_id', '=', modelId).executeTakeFirst();
}
