import { CallError } from '@aistock/shared';
import type { CoreEvent } from '@aistock/trading/core';
import type { MarketStream } from '../../market-stream.ts';
import type { Neighbours } from '../../neighbours.ts';

/** No model, or one that cannot say anything yet. */
const NO_REGIME_STATUS: ReadonlySet<number | undefined> = new Set([404, 409]);
/** Why there is none, by what ml_service answers. */
const MISSING: Readonly<Record<string, string>> = {
  model_demoted: 'demoted',
  not_signed_off: 'not_signed_off',
};

/** For whom a model is to answer. */
export interface RegimeAsker {
  readonly stream: MarketStream;
  readonly strategy: string;
  /** The session trades money: only what a person signed off answers. */
  readonly tradesMoney: boolean;
}

/** What ml_service says to a strategy of a stream at its newest bar, and until when the word of its model counts. */
export interface RegimeAnswer {
  readonly event: Extract<CoreEvent, { type: 'regime' }>;
  /** Unix ms; null where there is no regime to rely on. */
  readonly expiresMs: number | null;
}

/**
 * Asks for the regime at a bar's close. A model that has seen later bars says nothing: its word would be look-ahead.
 * @throws CallError where ml_service does not answer.
 */
export async function regimeAnswer(
  { models }: Neighbours,
  { stream, strategy, tradesMoney }: RegimeAsker,
  bar: { readonly openMs: number; readonly closeMs: number },
): Promise<RegimeAnswer> {
  const none = (missing: string) => noRegime(stream.id, strategy, missing);
  try {
    const regime = await models.regime({
      params: { instrument: stream.instrument },
      query: {
        timeframe: stream.timeframe,
        as_of_ms: String(bar.closeMs),
        strategy,
        live: tradesMoney ? 'true' : 'false',
      },
    });
    if (regime.bar_open_ms !== bar.openMs) return none('none');
    if (regime.in_sample) return none('in_sample');
    if (regime.expired) return none('expired');
    const { model_id: modelId, hmm_trend: hmmTrend, hmm_risk: hmmRisk } = regime;
    const view = { modelId, hmmTrend, hmmRisk };
    return {
      event: { type: 'regime', stream: stream.id, strategy, regime: view, missing: null },
      expiresMs: regime.expires_ms,
    };
  } catch (error) {
    if (error instanceof CallError && NO_REGIME_STATUS.has(error.status))
      return none(MISSING[error.problem?.code ?? ''] ?? 'none');
    throw error;
  }
}

/** What is told where there is no regime to rely on; `unreachable` where a live session may not wait for ml_service. */
export function noRegime(stream: string, strategy: string, missing: string): RegimeAnswer {
  return { event: { type: 'regime', stream, strategy, regime: null, missing }, expiresMs: null };
}
