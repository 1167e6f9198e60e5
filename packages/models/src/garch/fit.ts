import { ModelError } from '../model-error.ts';
import { minimise } from '../numerics/minimise.ts';
import {
  boxOf,
  gradientAt,
  heldAt,
  parametersAt,
  searched,
  spreadOut,
  startsOf,
  type Bounded,
  type GarchOptions,
} from './coordinates.ts';
import { logLikelihood, type Parameters } from './likelihood.ts';
import { standardErrors, type StandardErrors } from './standard-errors.ts';
import { filterVariances } from './step.ts';
import { moments, startOf, type VolatilityModel, type VolatilityState } from './volatility-model.ts';

export interface GarchFit {
  readonly model: VolatilityModel;
  readonly logLikelihood: number;
  /** From the inverse Hessian; null where a bound holds a parameter or the surface is no hill: then there are none. */
  readonly standardErrors: StandardErrors | null;
  readonly iterations: number;
  readonly converged: boolean;
  /** Parameters that a bound holds: `persistence` says that the long-run variance is not to be trusted. */
  readonly atBounds: readonly Bounded[];
  /** Forecast for the first bar, as `startOf` has it, and for the bar after the last. */
  readonly start: VolatilityState;
  readonly state: VolatilityState;
}

/** Fewer returns show no clusters. */
const RETURNS_MIN = 200;
/** Of the mean log-likelihood, at standardised returns. */
const SLOPE_MAX = 1e-8;

/**
 * GARCH(1,1) or GJR of greatest likelihood, with normal or Student-t errors: BFGS with the analytic gradient on standardised
 * returns, from the best of nine starts; stationary at every point. Deterministic.
 * @throws ModelError `too_few_rows` below 200 returns, `not_finite`, or `degenerate` where they never differ.
 */
export function fitGarch(
  returns: Float64Array,
  options: GarchOptions = { asymmetric: false, errors: 'normal' },
): GarchFit {
  if (returns.length < RETURNS_MIN)
    throw new ModelError('too_few_rows', `${returns.length} returns; a fit needs ${RETURNS_MIN}`);
  const { mean, variance } = moments(returns);
  const deviation = Math.sqrt(variance);
  const standardised = returns.map((value) => (value - mean) / deviation);
  const which = searched(options);
  const loss = lossOf(standardised, which);
  const losses = startsOf(which).map((start) => loss(start, new Float64Array(which.length)));
  const start = startsOf(which)[losses.indexOf(Math.min(...losses))]!;
  const found = minimise(loss, start, boxOf(which), SLOPE_MAX);
  const parameters = parametersAt(spreadOut(found.point, which));
  const atBounds = heldAt(found.point, which);
  const model = inUnits(parameters, mean, deviation);
  const first = startOf(model, returns);
  return {
    model,
    logLikelihood: -returns.length * (found.value + Math.log(deviation)),
    standardErrors:
      atBounds.length > 0 ? null : standardErrors(parameters, standardised, { ...options, deviation }),
    iterations: found.iterations,
    converged: found.converged,
    atBounds,
    start: first,
    state: filterVariances(model, first, returns).state,
  };
}

/** Mean negative log-likelihood by the searched coordinates. */
const lossOf =
  (returns: Float64Array, which: readonly number[]) => (point: Float64Array, gradient: Float64Array) => {
    const all = spreadOut(point, which);
    const natural = new Float64Array(all.length);
    const total = logLikelihood(parametersAt(all), returns, natural);
    const byCoordinate = gradientAt(all, natural);
    for (const [k, i] of which.entries()) gradient[k] = -byCoordinate[i]! / returns.length;
    return -total / returns.length;
  };

const inUnits = (
  { mean, omega, alpha, gamma, beta, inverseDegrees }: Parameters,
  shift: number,
  deviation: number,
): VolatilityModel => ({
  kind: 'garch',
  mean: shift + deviation * mean,
  omega: deviation * deviation * omega,
  alpha,
  gamma,
  beta,
  degreesOfFreedom: inverseDegrees === 0 ? null : 1 / inverseDegrees,
});
