import { ServiceError } from '@aistock/service-kit';
import type { Regime } from '@aistock/shared';
import type { RegistryWatch } from '../registry/registry-watch.ts';
import type { Asker } from './answering-model.ts';
import { findAnswering } from './find-answering.ts';
import type { ModelFilters } from './model-filters.ts';

export interface RegimeQuestion extends Asker {
  readonly asOfMs: number;
}

/** @throws ServiceError where nobody answers, or `no_regime_yet`. */
export async function readRegime(
  { watch, filters }: { readonly watch: RegistryWatch; readonly filters: ModelFilters },
  question: RegimeQuestion,
): Promise<Regime> {
  const { model, strategy, generation } = await findAnswering(watch, question, 'regime');
  const bar = await filters.at(model, question.asOfMs);
  if (!bar)
    throw new ServiceError(
      'no_regime_yet',
      404,
      `no bar of ${model.stream} that the model can judge had closed at ${question.asOfMs}`,
    );
  const expiresMs = model.expires_at.getTime();
  return {
    instrument: question.instrument,
    model_id: model.model_id,
    strategy,
    generation,
    bar_open_ms: bar.openMs,
    probabilities: [...bar.probabilities],
    state: bar.state,
    hmm_trend: bar.trend,
    hmm_risk: bar.risk,
    expires_ms: expiresMs,
    expired: expiresMs <= question.asOfMs,
    in_sample: bar.openMs < model.trained_to_at.getTime(),
  };
}
