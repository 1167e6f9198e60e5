import type { Db } from '@aistock/database';
import { MODEL_FEATURE_NAMES } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import { loadArtefact, type Artefact } from './artefact.ts';
import { modelUnsound } from './assert-sound.ts';
import { loadModelRow, type ModelRow } from './models.ts';

/** A model of regimes with what is known of it. */
export interface RegimeModel extends Pick<Artefact, 'hmm' | 'filterFromMs'> {
  readonly row: ModelRow;
}

/** @throws ServiceError `model_unsound` or `features_unknown` for a model that cannot answer. */
export async function loadRegimeModel(db: Db, modelId: string): Promise<RegimeModel> {
  const row = await loadModelRow(db, modelId);
  if (!row) throw new Error(`model ${modelId} is gone`);
  const { hmm, features, filterFromMs } = soundArtefact(row);
  if (features.join() !== MODEL_FEATURE_NAMES.join() || hmm.dimensions !== features.length)
    throw new ServiceError(
      'features_unknown',
      409,
      `the model reads ${features.join(', ')}; this version computes ${MODEL_FEATURE_NAMES.join(', ')}`,
    );
  return { row, hmm, filterFromMs };
}

/** Nobody is answered by a model that is not what it was when it was stored. */
function soundArtefact({ model_id: modelId, artefact, sha256 }: ModelRow): Artefact {
  try {
    return loadArtefact(artefact, sha256);
  } catch (error) {
    throw modelUnsound(modelId, error);
  }
}
