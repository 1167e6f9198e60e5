import type { Db } from '@aistock/database';
import { FeatureError } from '@aistock/features';
import { ServiceError } from '@aistock/service-kit';
import type { Client, dataIngesterApi } from '@aistock/shared';
import type { FollowedStream } from '../following/catch-up.ts';
import { createFollowedModels, type FollowedModels } from '../following/followed-models.ts';
import { loadModelRow, type ModelRow } from '../registry/models.ts';
import type { NamedModel } from '../registry/snapshot.ts';
import { loadForecastModel, type ForecastModel } from './forecast-artefact.ts';
import { extendPath, startPath, type ForecastPath } from './forecast-path.ts';

/** A model that forecasts, with what it has told of its stream so far. */
export interface FollowedForecast extends FollowedStream {
  readonly model: ForecastModel;
  readonly path: ForecastPath;
}

/** Models that forecast; reading throws ServiceError `model_unsound` or `features_unknown` for one that cannot answer. */
export const createForecastModels = (
  db: Db,
  ingester: Client<typeof dataIngesterApi>,
): FollowedModels<FollowedForecast> => createFollowedModels(ingester, (model) => load(db, model));

async function load(db: Db, { model_id: modelId, timeframe }: NamedModel): Promise<FollowedForecast> {
  const row = await loadModelRow(db, modelId);
  if (!row) throw new Error(`model ${modelId} is gone`);
  const { model, path } = sound(row, timeframe);
  return {
    model,
    path,
    filterFromMs: model.filterFromMs,
    lastSeenMs: () => path.frame.lastOpenMs ?? undefined,
    extend: (bars) => extendPath(path, bars),
    revisedMs: 0,
  };
}

/** Nobody is answered by a model that is not what it was when it was stored, or whose features are others by now. */
function sound({ model_id: modelId, artefact, sha256 }: ModelRow, timeframe: NamedModel['timeframe']) {
  try {
    const model = loadForecastModel(artefact, sha256);
    return { model, path: startPath(model, timeframe) };
  } catch (error) {
    if (error instanceof FeatureError)
      throw new ServiceError('features_unknown', 409, `model ${modelId}: ${error.message}`, { cause: error });
    throw new ServiceError('model_unsound', 409, `model ${modelId} cannot be used`, { cause: error });
  }
}
