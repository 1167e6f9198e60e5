import { ModelError } from '../model-error.ts';

/**
 * Conditional variance of returns: h' = omega + (alpha + gamma [e < 0]) e² + beta h with e = return - mean (Bollerslev 1986;
 * Glosten, Jagannathan & Runkle 1993). `ewma` is the case omega = 0, alpha + beta = 1 (RiskMetrics 1996). Units of the returns.
 */
export interface VolatilityModel {
  readonly kind: 'garch' | 'ewma';
  readonly mean: number;
  readonly omega: number;
  readonly alpha: number;
  /** What a fall adds to alpha; 0 without asymmetry. */
  readonly gamma: number;
  readonly beta: number;
  /** Of Student's t with variance h; null where errors are normal. */
  readonly degreesOfFreedom: number | null;
}

/** All that the past says about the next bar: its variance. Plain data. */
export interface VolatilityState {
  readonly variance: number;
}

/** What shocks leave in the next variance; below one the variance returns to its long-run level. */
export const persistence = ({ alpha, gamma, beta }: VolatilityModel): number => alpha + gamma / 2 + beta;

/** Long-run variance; null for `ewma`, which has none. */
export const longRunVariance = (model: VolatilityModel): number | null =>
  model.kind === 'ewma' ? null : model.omega / (1 - persistence(model));

/** Decay of RiskMetrics for daily returns. */
const DAILY_DECAY = 0.94;

/** @throws ModelError `bad_option` unless 0 < decay < 1; `degenerate` where the returns never differ; else as `checkReturns`. */
export function ewmaModel(returns: Float64Array, decay = DAILY_DECAY): VolatilityModel {
  if (!(decay > 0 && decay < 1))
    throw new ModelError('bad_option', `decay must be above 0 and below 1, not ${decay}`);
  const { mean } = moments(returns);
  const rest = { omega: 0, gamma: 0, degreesOfFreedom: null };
  return { kind: 'ewma', mean, alpha: 1 - decay, beta: decay, ...rest };
}

/**
 * The state of the first bar: omega + persistence × mean squared error of these returns, which stands for both the square and
 * the variance before them. It is the start of the benchmark of Fiorentini, Calzolari & Panattoni (1996).
 */
export function startOf(model: VolatilityModel, returns: Float64Array): VolatilityState {
  const { mean, variance } = moments(returns);
  const meanSquare = variance + (mean - model.mean) ** 2;
  return { variance: model.omega + persistence(model) * meanSquare };
}

/** @throws ModelError `bad_model`, naming the parameter and what it may be. */
export function checkVolatilityModel(model: VolatilityModel): void {
  const { kind, mean, omega, alpha, gamma, beta, degreesOfFreedom: df } = model;
  demand(Number.isFinite(mean), `mean must be finite, not ${mean}`);
  demand(Number.isFinite(omega) && omega >= 0, `omega must be a number from 0, not ${omega}`);
  demand(alpha >= 0, `alpha must be a number from 0, not ${alpha}`);
  demand(alpha + gamma >= 0, `alpha + gamma must be a number from 0, not ${alpha + gamma}`);
  demand(beta >= 0, `beta must be a number from 0, not ${beta}`);
  demand(df === null || (df > 2 && df < Infinity), `degreesOfFreedom must be above 2, or null, not ${df}`);
  if (kind === 'ewma') return;
  demand(omega > 0, 'omega must be above 0');
  demand(persistence(model) < 1, `alpha + gamma / 2 + beta must be below 1, not ${persistence(model)}`);
}

function demand(isSound: boolean, what: string): void {
  if (!isSound) throw new ModelError('bad_model', what);
}

/** @throws ModelError `too_few_rows` below two returns, `not_finite`, or `degenerate` where they never differ. */
export function moments(returns: Float64Array): { mean: number; variance: number } {
  const bad = returns.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new ModelError('not_finite', `return ${bad} must be finite, not ${returns[bad]}`);
  if (returns.length < 2) throw new ModelError('too_few_rows', `${returns.length} returns; two are needed`);
  const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
  const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / returns.length;
  // Rounding gives returns that are all the same a variance above zero.
  const isFlat = returns.every((value) => value === returns[0]);
  if (isFlat || variance === 0)
    throw new ModelError('degenerate', 'the returns never differ: there is no volatility');
  if (!Number.isFinite(variance))
    throw new ModelError('not_finite', 'the squares of the returns must be finite');
  return { mean, variance };
}
