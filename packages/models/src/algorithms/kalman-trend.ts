import {
  checkModel,
  diffuseStart,
  fitTrend,
  step,
  type Motion,
  type TrendModel,
  type TrendState,
} from '../kalman/index.ts';
import type { Step } from '../algorithm.ts';
import { define } from './define.ts';
import { numberOf, oneOf, type Fields } from './fields.ts';
import { choice, feature } from './hyperparameters.ts';

const MOTIONS: readonly Motion[] = ['local_linear_trend', 'local_level'];
const TELLS = ['level', 'level_deviation', 'velocity', 'velocity_deviation'];

/** Level and velocity of a price by the Kalman filter, in units of the feature, a bar; missing bars are predicted over. */
export const kalmanTrend = define({
  name: 'kalman_trend',
  kind: 'trend',
  needsTarget: false,
  rules: {
    feature: feature('close_log'),
    motion: choice<Motion>('local_linear_trend', ['local_level']),
  },
  names: (hyperparameters) => [hyperparameters.feature],
  missing: 'taken',
  fit: ({ columns }, { hyperparameters: { motion } }) => {
    const { model, logLikelihood, converged, atBounds } = fitTrend(motion, { prices: columns[0]! });
    const { observationVariance, levelVariance, velocityVariance } = model;
    return {
      model,
      parameters: motion === 'local_level' ? 2 : 3,
      converged,
      metrics: {
        log_likelihood_nats: logLikelihood,
        observation_variance: observationVariance,
        level_variance: levelVariance,
        velocity_variance: velocityVariance,
      },
      warnings: atBounds.map((name) => `${name} ended at its bound`),
    };
  },
  follow: ({ model: fields }) => {
    const model = modelOf(fields);
    let state: TrendState | undefined;
    return {
      tells: TELLS,
      step: (row) => {
        const seen = step(model, state ?? diffuseStart(model), row[0]!, state ? 1 : 0);
        ({ state } = seen);
        return { values: told(state), logLikelihood: seen.innovation === null ? NaN : seen.logLikelihood };
      },
    };
  },
});

function modelOf(fields: Fields): TrendModel {
  const model = {
    motion: oneOf(fields, 'motion', MOTIONS),
    observationVariance: numberOf(fields, 'observationVariance'),
    levelVariance: numberOf(fields, 'levelVariance'),
    velocityVariance: numberOf(fields, 'velocityVariance'),
  };
  checkModel(model);
  return model;
}

/** What too few prices leave open is NaN: the level before the first price, the velocity before the second. */
function told({ level, velocity, spread, diffuse }: TrendState): Step['values'] {
  const [noLevel, noVelocity] = [diffuse && diffuse.level > 0, diffuse && diffuse.velocity > 0];
  return Float64Array.of(
    noLevel ? NaN : level,
    noLevel ? NaN : Math.sqrt(Math.max(0, spread.level)),
    noVelocity ? NaN : velocity,
    noVelocity ? NaN : Math.sqrt(Math.max(0, spread.velocity)),
  );
}
