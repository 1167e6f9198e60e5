import type { Db } from '@aistock/database';
import { findPromotionOf } from './active-model.ts';

/** What was active when the model was promoted; undefined where it was the first. A second rollback goes further back. */
export async function previousModelOf(db: Db, stream: string, modelId: string): Promise<string | undefined> {
  const promotion = await findPromotionOf(db, stream, modelId);
  return promotion?.previous_model_id ?? undefined;
}
