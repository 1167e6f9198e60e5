import type { Bar } from '@aistock/market';
import { CallError } from '@aistock/shared';
import type { RegimeView } from '@aistock/trading/strategies';
import { barCloseMs, type MarketStream } from '../market-stream.ts';
import type { Neighbours } from '../neighbours.ts';

/** No model, or one that cannot say anything yet. */
const NO_REGIME_STATUS: ReadonlySet<number | undefined> = new Set([404, 409]);

/** A regime, and until when the word of its model counts. */
export interface DatedRegime extends RegimeView {
  readonly expiresMs: number;
  readonly expired: boolean;
}

/**
 * The regime at a bar's close. Undefined where there is no model, where its answer is not about this bar, or where the model
 * has seen later bars: its word would be look-ahead. Where
 * ml_service does not answer at all the error goes on: a session that runs on without it would let entries pass by that a
 * later one could still take.
 */
export async function regimeAt(
  { models }: Neighbours,
  stream: MarketStream,
  bar: Bar,
): Promise<DatedRegime | undefined> {
  try {
    const regime = await models.regime({
      params: { instrument: stream.instrument },
      query: { timeframe: stream.timeframe, as_of_ms: String(barCloseMs(stream, bar)) },
    });
    if (regime.bar_open_ms !== bar.openMs || regime.in_sample) return undefined;
    return {
      modelId: regime.model_id,
      hmmTrend: regime.hmm_trend,
      hmmRisk: regime.hmm_risk,
      expiresMs: regime.expires_ms,
      expired: regime.expired,
    };
  } catch (error) {
    if (error instanceof CallError && NO_REGIME_STATUS.has(error.status)) return undefined;
    throw error;
  }
}
