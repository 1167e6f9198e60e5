import { gaussianHmm, infer, modelToJson, regimeOf, stateMeanings } from '@aistock/hmm-ts';
import { MODEL_FEATURE_NAMES, modelFeatures, toPriceBar, type Bar } from '@aistock/market';
import { ServiceError, type Handlers } from '@aistock/service-kit';
import { mlServiceApi, type Regime } from '@aistock/shared';
import type { RegimeView } from '@aistock/trading/strategies';
import { closeOf, FIRST_OPEN_MS, INSTRUMENT, STREAM } from './fake-series.ts';

const { model, regime } = mlServiceApi;
export const fakeModelApi = { model, regime } as const;

export const MODEL_ID = '3f0c5a56-8a39-4a0e-9a2b-5f6f0b8f7a11';
const HMM = gaussianHmm('diagonal', {
  start: [0.5, 0.5],
  transition: [
    [0.9, 0.1],
    [0.2, 0.8],
  ],
  means: [
    [0.01, -4],
    [-0.01, -3.5],
  ],
  covariances: [
    [0.001, 0.2],
    [0.002, 0.3],
  ],
});

/** An ml_service with one model. It filters the whole series at once, the engine bar by bar: the numbers must agree. */
export function fakeModelHandlers(
  bars: readonly Bar[],
  options: { hasModel: boolean; modelExpiresMs?: number; demotedFromMs?: number; trainedToMs?: number },
): Handlers<typeof fakeModelApi> {
  const { firstIndex, dimensions, values } = modelFeatures(bars.map(toPriceBar));
  const { filtered } = infer(HMM, { dimensions, values });
  const meanings = stateMeanings(HMM);
  const expiresMs = options.modelExpiresMs ?? Date.UTC(2100, 0);
  return {
    model: async ({ params }) => {
      if (params.id !== MODEL_ID) throw new ServiceError('model_unknown', 404, 'no such model');
      const trained_to_ms = options.trainedToMs ?? FIRST_OPEN_MS;
      return {
        model: { ...MODEL, trained_to_ms },
        card: null,
        judgements: [],
        approvals: [],
        artefact: { ...modelToJson(HMM) },
        filter_from_ms: FIRST_OPEN_MS,
      };
    },
    regime: async ({ query }): Promise<Regime> => {
      if ((query.as_of_ms ?? 0) >= (options.demotedFromMs ?? Infinity))
        throw new ServiceError('model_demoted', 409, 'it was demoted');
      const index = bars.findLastIndex((bar) => closeOf(bar) <= (query.as_of_ms ?? 0));
      const row = (index - firstIndex) * HMM.states;
      if (!options.hasModel || row < 0) throw new ServiceError('model_missing', 404, 'no model is active');
      const probabilities = filtered.slice(row, row + HMM.states);
      const { risk, state, trend } = regimeOf(meanings, probabilities);
      return {
        instrument: INSTRUMENT,
        model_id: MODEL_ID,
        strategy: '*',
        generation: 1,
        bar_open_ms: bars[index]!.openMs,
        probabilities: [...probabilities],
        state,
        hmm_trend: trend,
        hmm_risk: risk,
        expires_ms: expiresMs,
        expired: expiresMs <= (query.as_of_ms ?? 0),
        in_sample: bars[index]!.openMs < (options.trainedToMs ?? FIRST_OPEN_MS),
      };
    },
  };
}

/** What the model says of each bar, by its open time; null where it can say nothing yet. */
export function regimesOf(bars: readonly Bar[]): (openMs: number) => RegimeView | null {
  const { firstIndex, dimensions, values } = modelFeatures(bars.map(toPriceBar));
  const { filtered } = infer(HMM, { dimensions, values });
  const meanings = stateMeanings(HMM);
  const rows = new Map(bars.slice(firstIndex).map(({ openMs }, index) => [openMs, index * HMM.states]));
  return (openMs) => {
    const row = rows.get(openMs);
    if (row === undefined) return null;
    const { risk, trend } = regimeOf(meanings, filtered.slice(row, row + HMM.states));
    return { modelId: MODEL_ID, hmmTrend: trend, hmmRisk: risk };
  };
}

const MODEL = {
  model_id: MODEL_ID,
  stream: STREAM,
  instrument: INSTRUMENT,
  timeframe: '1d' as const,
  kind: 'regime' as const,
  algorithm: 'hmm_gaussian_diagonal' as const,
  states: 2,
  sha256: '0'.repeat(64),
  run_id: MODEL_ID,
  trained_from_ms: FIRST_OPEN_MS,
  trained_to_ms: FIRST_OPEN_MS,
  bars: 1,
  bic: 0,
  log_likelihood: 0,
  holdout_log_likelihood: 0,
  features: [...MODEL_FEATURE_NAMES],
  status: 'active' as const,
  gates: [],
  code_version: null,
  parent_model_id: null,
  created_ms: 0,
  expires_ms: Date.UTC(2100, 0),
};
