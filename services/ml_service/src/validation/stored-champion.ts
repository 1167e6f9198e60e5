import type { Db } from '@aistock/database';
import type { FoundAlias } from '../registry/aliases.ts';
import { loadModelRow } from '../registry/models.ts';
import type { StoredChampion } from '../training/thread/training-task.ts';

/**
 * The model that an alias names, as a thread compares with it; one that was demoted as one that has expired. Null where it
 * never named any.
 */
export async function storedChampion(
  db: Db,
  alias: FoundAlias | undefined,
  nowMs: number,
): Promise<StoredChampion | null> {
  const row = alias?.last_model_id ? await loadModelRow(db, alias.last_model_id) : undefined;
  if (!row) return null;
  const { artefact, sha256, features } = row;
  return {
    artefact,
    sha256,
    features,
    trainedToMs: row.trained_to_at.getTime(),
    expired: alias?.model_id === null || row.expires_at.getTime() <= nowMs,
  };
}
