import { modelFromJson, regimeOf, streamFilter, trendSigns } from '@aistock/hmm-ts';
import { MODEL_FEATURE_NAMES, modelFeatures, toPriceBar, type Bar } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import { CallError } from '@aistock/shared';
import type { RegimeView } from '@aistock/trading/strategies';
import { allBarsBetween, type MarketStream } from './market-stream.ts';
import type { Neighbours } from './neighbours.ts';

type RegimeOfBar = (bar: Bar) => RegimeView | undefined;

/**
 * The regimes of past bars as the model filters them, computed here from the model's artefact: the numbers that
 * GET /regime gives, without a call for every bar. Without a model there is no regime.
 * @throws ServiceError `model_unknown`, or `model_unfit` for a model of another stream or of other features.
 */
export async function modelRegimes(
  neighbours: Neighbours,
  stream: MarketStream,
  { modelId, toMs }: { readonly modelId: string | null; readonly toMs: number },
): Promise<RegimeOfBar> {
  if (modelId === null) return () => undefined;
  const { model, artefact, filter_from_ms: fromMs } = await fetchModel(neighbours, modelId);
  if (model.stream !== stream.id) throw unfit(`model ${modelId} is of ${model.stream}, not of ${stream.id}`);
  if (model.features.join() !== MODEL_FEATURE_NAMES.join())
    throw unfit(`model ${modelId} wants the features ${model.features.join(', ')}`);
  const bars = (await allBarsBetween(neighbours, stream, { fromMs, asOfMs: toMs })).map(toPriceBar);
  const hmm = modelFromJson(artefact);
  const signs = trendSigns(hmm);
  const filter = streamFilter(hmm);
  const { firstIndex, dimensions, values } = modelFeatures(bars);
  const regimes = new Map<number, RegimeView>();
  let state = filter.initial;
  for (let index = firstIndex; index < bars.length; index++) {
    const row = (index - firstIndex) * dimensions;
    state = filter.filterStep(state, values.subarray(row, row + dimensions));
    const { trend, risk } = regimeOf(signs, state.probabilities);
    regimes.set(bars[index]!.openMs, { modelId, hmmTrend: trend, hmmRisk: risk });
  }
  return ({ openMs }) => regimes.get(openMs);
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
