import { ServiceError } from '@aistock/service-kit';
import { CallError, type ParamDecision } from '@aistock/shared';
import type { BarView } from '@aistock/trading/bars';
import type { CoreEvent, SlotSetup } from '@aistock/trading/core';
import { soundParams } from '../../check-request.ts';
import { choiceFeatures } from '../../choice-features.ts';
import type { MarketStream } from '../../market-stream.ts';
import type { Neighbours } from '../../neighbours.ts';
import type { RegimeAnswer } from './regime-answer.ts';

export type ParamsEvent = Extract<CoreEvent, { type: 'params' }>;

/** What the choice of a slot's parameters depends on, at the close of its primary stream's newest bar. */
export interface ChoiceContext {
  readonly closeMs: number;
  readonly stream: MarketStream;
  readonly bars: BarView;
  readonly regime: RegimeAnswer;
}

export interface ParamsAnswer {
  readonly event: ParamsEvent;
  /** Undefined where no choice could be made. */
  readonly decision: ParamDecision | undefined;
}

/**
 * Asks param_controller for the parameters of a slot. What is chosen on the word of a model lasts no longer than it; without
 * one come the conservative parameters.
 * @throws CallError where it does not answer. @throws ServiceError where its answer cannot be traded with.
 */
export async function paramsAnswer(
  neighbours: Neighbours,
  slot: SlotSetup,
  context: ChoiceContext,
): Promise<ParamsAnswer> {
  const decision = await askParams(neighbours, slot, context);
  if (typeof decision === 'string')
    return { event: { type: 'params', slot: slot.id, params: null, missing: decision }, decision: undefined };
  const { event: told, expiresMs: modelEndsMs } = context.regime;
  const params = {
    configId: decision.config_id,
    presetId: decision.preset_id,
    params: soundParams(slot.strategy, decision.params),
    source: told.regime ? ('chosen' as const) : ('conservative' as const),
    expiresMs: Math.min(decision.expires_ms, modelEndsMs ?? Infinity),
    ...(told.regime && { modelId: told.regime.modelId }),
  };
  return { event: { type: 'params', slot: slot.id, params, missing: null }, decision };
}

/** The code of the refusal where no choice can be made from the context. */
async function askParams(
  { controller }: Neighbours,
  { strategy }: SlotSetup,
  { closeMs, stream, bars, regime }: ChoiceContext,
): Promise<ParamDecision | string> {
  const view = regime.event.regime;
  const features = Object.entries(choiceFeatures(bars, stream, view));
  try {
    const decision = await controller.param({
      params: { strategy: strategy.name, instrument: stream.instrument },
      query: {
        ...Object.fromEntries(features.map(([name, value]) => [`features[${name}]`, numberText(value)])),
        ...(view ? { model_id: view.modelId } : { model_expired: 'true' }),
        as_of_ms: String(closeMs),
      },
    });
    if (decision.strategy === strategy.name && decision.instrument === stream.instrument) return decision;
    const detail = `parameter decision ${decision.config_id} is for ${decision.strategy} in ${decision.instrument}`;
    throw new ServiceError('decision_mismatched', 409, detail);
  } catch (error) {
    const code = error instanceof CallError ? error.problem?.code : undefined;
    if (code !== undefined && NO_CHOICE.has(code)) return code;
    throw error;
  }
}

/** Features that no choice can be made from: outside of anything usual, or with too few bars for them. */
const NO_CHOICE: ReadonlySet<string> = new Set(['feature_out_of_range', 'feature_missing']);

/** All digits of a number, in a form that never has more places than a query takes. */
function numberText(value: number): string {
  return value.toExponential().replace('+', '');
}
