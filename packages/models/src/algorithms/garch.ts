import {
  checkVolatilityModel,
  chooseVolatility,
  logDensity,
  persistence,
  startOf,
  stepVariance,
  type GarchOptions,
  type VolatilityModel,
} from '../garch/index.ts';
import { ModelError } from '../model-error.ts';
import type { TrainingRows } from './training-rows.ts';
import { define, type Fitted } from './define.ts';
import { fieldsOf, numberOf, numberOrNull, oneOf, type Fields } from './fields.ts';
import { feature, number } from './hyperparameters.ts';

const TELLS = ['variance_next', 'volatility_next'];

/** Volatility of the next bar, by GARCH where it forecasts no worse than EWMA, else by EWMA; the card's warnings say which. */
const volatility = (name: string, options: GarchOptions) =>
  define({
    name,
    kind: 'volatility',
    needsTarget: false,
    rules: { feature: feature('return_log'), holdout_share: number(0.2, [0.05, 0.5]) },
    names: (hyperparameters) => [hyperparameters.feature],
    missing: 'refused',
    fit: (rows, { hyperparameters }) => fit(rows, options, hyperparameters.holdout_share),
    follow: ({ model: fields }) => {
      const model = modelOf(fieldsOf(fields['volatility'], 'volatility'));
      let variance = numberOf(fields, 'start');
      let hasBegun = false;
      if (!(variance > 0))
        throw new ModelError('bad_model', `start must be above 0, not ${variance}`, 'start');
      return {
        tells: TELLS,
        step: (row) => {
          const value = row[0]!;
          const isMissing = Number.isNaN(value);
          // Until the first return nothing is known but where training began.
          hasBegun ||= !isMissing;
          if (!hasBegun) return { values: Float64Array.of(NaN, NaN), logLikelihood: NaN };
          const logLikelihood = isMissing ? NaN : logDensity(model, variance, value);
          // What a missing return leaves is the expected square of it.
          variance = isMissing
            ? model.omega + persistence(model) * variance
            : stepVariance(model, { variance }, value).variance;
          return { values: Float64Array.of(variance, Math.sqrt(variance)), logLikelihood };
        },
      };
    },
  });

export const garch = volatility('garch', { asymmetric: false, errors: 'normal' });
export const garchGjr = volatility('garch_gjr', { asymmetric: true, errors: 'normal' });
export const garchT = volatility('garch_t', { asymmetric: false, errors: 'student' });
export const garchGjrT = volatility('garch_gjr_t', { asymmetric: true, errors: 'student' });

function fit({ columns }: TrainingRows, options: GarchOptions, holdoutShare: number): Fitted {
  const returns = columns[0]!;
  const { model, fallback, fit: fitted, score } = chooseVolatility(returns, options, holdoutShare);
  const isGarch = fallback === null && fitted !== null;
  const bounds = isGarch ? fitted.atBounds.map((name) => `${name} ended at its bound`) : [];
  return {
    model: { volatility: model, start: startOf(model, returns).variance },
    parameters: isGarch ? 4 + Number(options.asymmetric) + Number(options.errors === 'student') : 1,
    converged: !isGarch || fitted.converged,
    metrics: {
      ...(isGarch && { log_likelihood_nats: fitted.logLikelihood }),
      ...(score && { qlike_holdout: score.model, qlike_holdout_ewma: score.ewma }),
    },
    warnings: fallback ? [`EWMA instead of GARCH: ${fallback}`] : bounds,
  };
}

function modelOf(fields: Fields): VolatilityModel {
  const model = {
    kind: oneOf(fields, 'kind', ['garch', 'ewma']),
    mean: numberOf(fields, 'mean'),
    omega: numberOf(fields, 'omega'),
    alpha: numberOf(fields, 'alpha'),
    gamma: numberOf(fields, 'gamma'),
    beta: numberOf(fields, 'beta'),
    degreesOfFreedom: numberOrNull(fields, 'degreesOfFreedom'),
  };
  checkVolatilityModel(model);
  return model;
}
