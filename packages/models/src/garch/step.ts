import { ModelError } from '../model-error.ts';
import {
  checkVolatilityModel,
  persistence,
  type VolatilityModel,
  type VolatilityState,
} from './volatility-model.ts';

/** Forecasts reach no further. */
const HORIZON_MAX = 100_000;

/**
 * One bar: from the variance that was forecast for it and its return to the next bar's; constant memory.
 * @throws ModelError `not_finite` for a return or state that is not.
 */
export function stepVariance(
  { mean, omega, alpha, gamma, beta }: VolatilityModel,
  { variance }: VolatilityState,
  value: number,
): VolatilityState {
  const error = value - mean;
  const next = omega + (error < 0 ? alpha + gamma : alpha) * error * error + beta * variance;
  if (!(Number.isFinite(next) && next >= 0))
    throw new ModelError('not_finite', `the return must be finite, and its square too, not ${value}`);
  return { variance: next };
}

/** The variance forecast for each bar from the bars before it, and the state after the last: `stepVariance` over the series. */
export function filterVariances(
  model: VolatilityModel,
  start: VolatilityState,
  returns: Float64Array,
): { variances: Float64Array; state: VolatilityState } {
  checkVolatilityModel(model);
  let state = start;
  const variances = returns.map((value) => {
    const { variance } = state;
    state = stepVariance(model, state, value);
    return variance;
  });
  return { variances, state };
}

/**
 * Expected variance of each of the next bars, the first one being the state's own.
 * @throws ModelError `bad_option` unless the horizon is a whole number from 1 to 100,000.
 */
export function forecastVariances(
  model: VolatilityModel,
  state: VolatilityState,
  horizon: number,
): Float64Array {
  checkVolatilityModel(model);
  if (!Number.isSafeInteger(horizon) || horizon < 1 || horizon > HORIZON_MAX)
    throw new ModelError(
      'bad_option',
      `horizon must be a whole number from 1 to ${HORIZON_MAX}, not ${horizon}`,
    );
  const stays = persistence(model);
  let { variance } = state;
  return Float64Array.from({ length: horizon }, (_, ahead) => {
    if (ahead > 0) variance = model.omega + stays * variance;
    return variance;
  });
}
