import type { Db } from '@aistock/database';
import type { AliasState } from '../registry/aliases.ts';
import { loadModelRow } from '../registry/models.ts';
import type { StoredChampion } from '../training/thread/training-task.ts';

/** The model that an alias names, as a thread compares with it; null where it names none. */
export async function storedChampion(
  db: Db,
  alias: AliasState | undefined,
  nowMs: number,
): Promise<StoredChampion | null> {
  const row = alias?.model_id ? await loadModelRow(db, alias.model_id) : undefined;
  if (!row) return null;
  const { artefact, sha256, features } = row;
  return { artefact, sha256, features, expired: row.expires_at.getTime() <= nowMs };
}
