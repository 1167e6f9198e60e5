import { MODEL_FEATURE_NAMES } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import { CallError } from '@aistock/shared';
import type { MarketStream } from '../../market-stream.ts';
import type { Neighbours } from '../../neighbours.ts';

/** A model with what its filter needs. */
export interface FoundModel {
  readonly modelId: string;
  readonly artefact: unknown;
  /** Its filter begins with the bar that opens then. */
  readonly filterFromMs: number;
  readonly trainedToMs: number;
  readonly expiresMs: number;
}

/** Where regime models come from. */
export interface ModelSource {
  /** @throws ServiceError `model_unknown`, or `model_unfit` for a model of another stream or of other features. */
  find(modelId: string, stream: MarketStream): Promise<FoundModel>;
}

export function mlServiceSource(neighbours: Neighbours): ModelSource {
  return {
    find: async (modelId, stream) => {
      const { model, artefact, filter_from_ms: filterFromMs } = await fetchModel(neighbours, modelId);
      if (model.stream !== stream.id)
        throw unfit(`model ${modelId} is of ${model.stream}, not of ${stream.id}`);
      if (model.kind !== 'regime') throw unfit(`model ${modelId} tells a ${model.kind}, not a regime`);
      if (model.features.join() !== MODEL_FEATURE_NAMES.join())
        throw unfit(`model ${modelId} wants the features ${model.features.join(', ')}`);
      const { trained_to_ms: trainedToMs, expires_ms: expiresMs } = model;
      return { modelId, artefact, filterFromMs, trainedToMs, expiresMs };
    },
  };
}

async function fetchModel({ models }: Neighbours, modelId: string) {
  try {
    return await models.model({ params: { id: modelId } });
  } catch (error) {
    if (!(error instanceof CallError && error.status === 404)) throw error;
    throw new ServiceError('model_unknown', 404, `there is no model ${modelId}`, {
      cause: error,
      fields: [{ field: 'model_id', message: 'must be a model of GET /models at ml_service' }],
    });
  }
}

function unfit(detail: string): ServiceError {
  return new ServiceError('model_unfit', 422, detail, {
    fields: [{ field: 'model_id', message: 'must be a model of the stream' }],
  });
}
