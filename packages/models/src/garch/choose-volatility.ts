import type { GarchOptions } from './coordinates.ts';
import { fitVolatility, type FallbackReason, type Volatility } from './fit-volatility.ts';
import { scoreVolatility, type VolatilityScore } from './score.ts';
import { filterVariances } from './step.ts';
import { ewmaModel, startOf } from './volatility-model.ts';

/** A volatility model that had to forecast returns that it was not fitted on. */
export interface ChosenVolatility extends Omit<Volatility, 'fallback'> {
  readonly fallback: FallbackReason | 'worse_than_ewma' | null;
  /** Of a GARCH fitted on the earlier returns; null where there was none to be scored. */
  readonly score: VolatilityScore | null;
}

/**
 * `fitVolatility` on all returns, where the same fit on the earlier ones forecasts the later ones no worse than EWMA does;
 * else EWMA.
 * @param laterShare of the returns that are forecast, above 0 and below 1.
 * @throws ModelError as `fitVolatility`.
 */
export function chooseVolatility(
  returns: Float64Array,
  options: GarchOptions,
  laterShare: number,
): ChosenVolatility {
  const whole = fitVolatility(returns, options);
  if (whole.fallback) return { ...whole, score: null };
  const from = returns.length - Math.floor(returns.length * laterShare);
  const [earlier, later] = [returns.subarray(0, from), returns.subarray(from)];
  const early = fitVolatility(earlier, options);
  const score = early.fallback ? null : scoreVolatility(early.model, earlier, later);
  if (score && !score.isWorse) return { ...whole, score };
  const ewma = ewmaModel(returns);
  return {
    model: ewma,
    state: filterVariances(ewma, startOf(ewma, returns), returns).state,
    fit: whole.fit,
    fallback: early.fallback ?? 'worse_than_ewma',
    score,
  };
}
