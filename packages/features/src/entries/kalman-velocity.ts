import { diffuseStart, step, type TrendModel, type TrendState } from '@aistock/models/kalman';
import { feature } from '../feature.ts';

/**
 * Only the ratio of the variances moves the filter, so no scale is fitted and nothing is learned from later bars: the ratio
 * is that of Hodrick and Prescott (1997), which lets through what takes longer than about forty bars.
 */
const MODEL: TrendModel = {
  motion: 'local_linear_trend',
  observationVariance: 1600,
  levelVariance: 0,
  velocityVariance: 1,
};
/** The error of the filter shrinks by this factor a bar once its gain is steady: exp(-sin(45°) (1 / 1600)^(1/4)). */
const DECAY = Math.exp(-Math.SQRT1_2 * 1600 ** -0.25);
const FORGOTTEN = 1e-14;

export const kalmanVelocity = feature<{ trend: TrendState | null }>({
  name: 'kalman_velocity',
  version: 1,
  inputs: ['close'],
  options: { observationVariance: 1600, levelVariance: 0, velocityVariance: 1 },
  warmUpBars: Math.ceil(Math.log(FORGOTTEN) / Math.log(DECAY)),
  unit: 'log return a bar',
  description: 'Velocity of the logarithm of the close by a Kalman filter of a local linear trend.',
  start: () => ({ trend: null }),
  step(state, { close }) {
    const isFirst = state.trend === null;
    const { state: trend } = step(
      MODEL,
      state.trend ?? diffuseStart(MODEL),
      Math.log(close),
      isFirst ? 0 : 1,
    );
    state.trend = trend;
    return trend.diffuse ? Number.NaN : trend.velocity;
  },
});
