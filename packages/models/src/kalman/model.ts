import { ModelError } from '../model-error.ts';
import type { Spread, TrendState } from './state.ts';

/** `local_level`: a random walk seen with noise. `local_linear_trend`: the walk has a velocity that is a random walk itself. */
export type Motion = 'local_level' | 'local_linear_trend';

/**
 * Structural model of a price (Harvey 1989; Durbin & Koopman 2012, 2.1 and 3.2): observation = level + noise, and from one bar
 * to the next level += velocity + disturbance, velocity += disturbance. Variances in squared price units, a bar.
 */
export interface TrendModel {
  readonly motion: Motion;
  readonly observationVariance: number;
  readonly levelVariance: number;
  /** Zero for `local_level`. */
  readonly velocityVariance: number;
}

/** @throws ModelError `bad_model`, naming the variance and what it may be. */
export function checkModel(model: TrendModel): void {
  const { motion, observationVariance, levelVariance, velocityVariance } = model;
  if (!(observationVariance > 0 && Number.isFinite(observationVariance)))
    throw new ModelError('bad_model', `observationVariance must be above 0, not ${observationVariance}`);
  for (const [name, variance] of Object.entries({ levelVariance, velocityVariance }))
    if (!(variance >= 0 && Number.isFinite(variance)))
      throw new ModelError('bad_model', `${name} must be a number from 0, not ${variance}`);
  if (motion === 'local_level' && velocityVariance !== 0)
    throw new ModelError('bad_model', `velocityVariance must be 0 for local_level, not ${velocityVariance}`);
}

/** Before the first bar, nothing known: exact diffuse, so the first observations alone fix level and velocity. */
export const diffuseStart = ({ motion }: Pick<TrendModel, 'motion'>): TrendState => ({
  level: 0,
  velocity: 0,
  spread: { level: 0, cross: 0, velocity: 0 },
  diffuse: { level: 1, cross: 0, velocity: motion === 'local_level' ? 0 : 1 },
});

/** The first bar's level and velocity with errors of known covariance; `diffuseStart` where nothing is known. */
export const knownStart = (
  level: number,
  velocity: number,
  spread: Spread = { level: 0, cross: 0, velocity: 0 },
): TrendState => ({ level, velocity, spread, diffuse: null });

/**
 * What the disturbances of so many bars sum to: for whole numbers just as many single steps; exact in between, too, in that
 * steps of k and s bars make one of k + s. A fraction of one bar would have a negative variance and is refused elsewhere.
 */
export const disturbance = (
  { levelVariance, velocityVariance }: Omit<TrendModel, 'motion'>,
  bars: number,
): Spread => ({
  level: bars * levelVariance + ((bars * (bars - 1) * (2 * bars - 1)) / 6) * velocityVariance,
  cross: ((bars * (bars - 1)) / 2) * velocityVariance,
  velocity: bars * velocityVariance,
});
