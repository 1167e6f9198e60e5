import type { Db } from '@aistock/database';
import type { ModelRow } from '../registry/models.ts';

/**
 * The last model of a stream that was trained on claimed files, active or not: its statistics hold every bar processed so
 * far. One that was asked for on a window of bars is beside the line.
 */
export async function findLineModel(db: Db, stream: string): Promise<ModelRow | undefined> {
  return db
    .selectFrom('ml.model')
    .innerJoin('ml.run', 'ml.run.run_id', 'ml.model.run_id')
    .selectAll('ml.model')
    .where('ml.model.stream', '=', stream)
    .where('ml.run.files', '>', 0)
    .where('ml.model.kind', '=', 'regime')
    .orderBy('ml.model.created_at', 'desc')
    .orderBy('ml.model.model_id')
    .limit(1)
    .executeTakeFirst();
}
