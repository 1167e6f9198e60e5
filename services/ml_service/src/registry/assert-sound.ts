import { ServiceError } from '@aistock/service-kit';
import { loadForecastModel } from '../forecast/forecast-artefact.ts';
import { loadArtefact } from './artefact.ts';
import type { ModelRow } from './models.ts';

/** A model that is not what it was when it was stored: nobody is answered by it. */
export function modelUnsound(modelId: string, cause: unknown): ServiceError {
  return new ServiceError('model_unsound', 409, `model ${modelId} cannot be used`, { cause });
}

/** @throws ServiceError `model_unsound` for a model that does not give the numbers that it gave when it was stored. */
export function assertSound({
  model_id: modelId,
  kind,
  artefact,
  sha256,
}: Pick<ModelRow, 'model_id' | 'kind' | 'artefact' | 'sha256'>): void {
  try {
    if (kind === 'regime') loadArtefact(artefact, sha256);
    else loadForecastModel(artefact, sha256);
  } catch (error) {
    throw modelUnsound(modelId, error);
  }
}
