import type { Db } from '@aistock/database';
import type { ModelRow } from '../registry/models.ts';

/**
 * The model of a stream whose claimed files reach furthest, active or not: its statistics go up to the last bar processed so
 * far. One that was asked for on a window of bars is beside the line, and so is one of bars from before the line that came
 * late. Of equal ones the last by the clock of the database: those of the replicas may differ.
 */
export async function findLineModel(db: Db, stream: string): Promise<ModelRow | undefined> {
  return db
    .selectFrom('ml.model')
    .innerJoin('ml.run', 'ml.run.run_id', 'ml.model.run_id')
    .selectAll('ml.model')
    .where('ml.model.stream', '=', stream)
    .where('ml.run.files', '>', 0)
    .where('ml.model.kind', '=', 'regime')
    .orderBy(
      (eb) =>
        eb
          .selectFrom('ml.run_file')
          .innerJoin('ledger.file', 'ledger.file.file_id', 'ml.run_file.file_id')
          .select(({ fn }) => fn.max('ledger.file.last_open_at').as('line_end'))
          .whereRef('ml.run_file.run_id', '=', 'ml.run.run_id'),
      (order) => order.desc().nullsLast(),
    )
    .orderBy('ml.run.finished_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}
