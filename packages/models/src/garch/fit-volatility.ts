import { ModelError } from '../model-error.ts';
import type { GarchOptions } from './coordinates.ts';
import { fitGarch, type GarchFit } from './fit.ts';
import { filterVariances } from './step.ts';
import { ewmaModel, startOf, type VolatilityModel, type VolatilityState } from './volatility-model.ts';

/** Why there is no GARCH: too little data, no maximum found, or no clusters in it (alpha is zero, so beta means nothing). */
export type FallbackReason = 'too_few_rows' | 'not_converged' | 'no_clusters';

export interface Volatility {
  /** The GARCH of `fit`, or EWMA where `fallback` says why not. */
  readonly model: VolatilityModel;
  /** Forecast for the bar after the last. */
  readonly state: VolatilityState;
  readonly fit: GarchFit | null;
  readonly fallback: FallbackReason | null;
}

/**
 * GARCH where the returns carry it, else EWMA, and which of both it is.
 * @throws ModelError `too_few_rows` below two returns, `not_finite`, or `degenerate` where they never differ.
 */
export function fitVolatility(returns: Float64Array, options?: GarchOptions): Volatility {
  const ewma = ewmaModel(returns);
  const fit = triedGarch(returns, options);
  const fallback = reasonOf(fit);
  if (fit && !fallback) return { model: fit.model, state: fit.state, fit, fallback };
  return { model: ewma, state: filterVariances(ewma, startOf(ewma, returns), returns).state, fit, fallback };
}

function reasonOf(fit: GarchFit | null): FallbackReason | null {
  if (!fit) return 'too_few_rows';
  if (fit.atBounds.includes('alpha') || (fit.model.alpha === 0 && fit.model.gamma === 0))
    return 'no_clusters';
  return fit.converged ? null : 'not_converged';
}

function triedGarch(returns: Float64Array, options: GarchOptions | undefined): GarchFit | null {
  try {
    return fitGarch(returns, options);
  } catch (error) {
    if (error instanceof ModelError && error.code === 'too_few_rows') return null;
    throw error;
  }
}
