import type { CheckpointRow, Db } from '@aistock/database';
import { ServiceError } from '@aistock/service-kit';

/** @throws ServiceError before the first checkpoint is signed. */
export async function newestCheckpoint(db: Db): Promise<CheckpointRow> {
  const newest = await db
    .selectFrom('audit.checkpoint')
    .selectAll()
    .orderBy('tree_size', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (newest === undefined)
    throw new ServiceError('checkpoint_missing', 503, 'no checkpoint is signed yet; try again in a moment');
  return newest;
}
