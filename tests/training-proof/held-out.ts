import { modelFromJson, score } from '@aistock/hmm-ts';
import { type Bar, modelFeatures, toPriceBar } from '@aistock/market';

/**
 * Mean log-likelihood of the bars from an index on, in nats a bar, each given all before it.
 * @param artefact of a model of regimes, as ml_service stores it.
 */
export function heldOutMean(artefact: string, bars: readonly Bar[], from: number): number {
  const { hmm } = JSON.parse(artefact) as { readonly hmm: unknown };
  const model = modelFromJson(hmm);
  const { firstIndex, dimensions, values } = modelFeatures(bars.map(toPriceBar));
  const before = values.subarray(0, (from - firstIndex) * dimensions);
  const all = score(model, { dimensions, values });
  return (all - score(model, { dimensions, values: before })) / (bars.length - from);
}
