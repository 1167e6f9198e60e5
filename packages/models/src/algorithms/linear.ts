import { fitLeastSquares, fitLogistic, scoreRow, type LinearModel } from '../linear/index.ts';
import { ModelError } from '../model-error.ts';
import type { FeatureRef } from '../dataset.ts';
import { define } from './define.ts';
import { fieldsOf, numberOf, numbersOf, type Fields } from './fields.ts';
import { number } from './hyperparameters.ts';

const LAMBDA = number(1, [0, 1e9]);

/** Probability that the target is 1, of 0 and 1, by logistic regression with a ridge. */
export const logisticRidge = define({
  name: 'logistic_ridge',
  kind: 'direction',
  needsTarget: true,
  rules: { lambda: LAMBDA },
  missing: 'left_out',
  fit: ({ columns, labels, reads }, { hyperparameters }) => {
    const { model, logLikelihood } = fitLogistic({ columns, labels }, namesOf(reads), hyperparameters);
    return {
      model: parametersOf(model),
      parameters: coefficientsOf(model) + 1,
      converged: true,
      metrics: { log_likelihood_nats: logLikelihood, log_loss_nats: -logLikelihood / labels.length },
      warnings: warningsOf(model),
    };
  },
  follow: ({ reads, model: fields }) => {
    const model = linearOf(fields, reads);
    return {
      tells: ['probability'],
      step: (row, label) => {
        const score = scoreRow(model, row);
        return {
          values: Float64Array.of(1 / (1 + Math.exp(-score))),
          logLikelihood: bernoulli(score, label),
        };
      },
    };
  },
});

/** Expected value of the target by least squares with a ridge, with normal errors. */
export const linearRidge = define({
  name: 'linear_ridge',
  kind: 'regression',
  needsTarget: true,
  rules: { lambda: LAMBDA },
  missing: 'left_out',
  fit: ({ columns, labels, reads }, { hyperparameters }) => {
    const fitted = fitLeastSquares({ columns, labels }, namesOf(reads), hyperparameters);
    const { model, rSquared, residualDeviation } = fitted;
    if (!(residualDeviation > 0))
      throw new ModelError(
        'degenerate',
        'the features explain the target to the last digit: it holds them',
        'target',
      );
    return {
      model: { linear: parametersOf(model), deviation: residualDeviation },
      parameters: coefficientsOf(model) + 2,
      converged: true,
      metrics: { r_squared: rSquared, residual_deviation: residualDeviation },
      warnings: warningsOf(model),
    };
  },
  follow: ({ reads, model: fields }) => {
    const model = linearOf(fieldsOf(fields['linear'], 'linear'), reads);
    const deviation = numberOf(fields, 'deviation');
    if (!(deviation > 0))
      throw new ModelError('bad_model', `deviation must be above 0, not ${deviation}`, 'deviation');
    return {
      tells: ['value', 'deviation'],
      step: (row, target) => {
        const value = scoreRow(model, row);
        const ratio = (target - value) / deviation;
        return {
          values: Float64Array.of(value, deviation),
          logLikelihood: -(Math.log(2 * Math.PI) + ratio * ratio) / 2 - Math.log(deviation),
        };
      },
    };
  },
});

/** Log-likelihood of a label that is 1 with the logistic probability of the score; exact for scores of any size. */
export function bernoulli(score: number, label: number): number {
  if (label !== 0 && label !== 1) return NaN;
  const against = label === 1 ? -score : score;
  return -Math.log1p(Math.exp(-Math.abs(score))) - Math.max(0, against);
}

const namesOf = (reads: readonly FeatureRef[]): string[] => reads.map(({ name }) => name);

const coefficientsOf = ({ featureNames, constant }: LinearModel): number =>
  featureNames.length - constant.length;

const warningsOf = ({ constant }: LinearModel): string[] =>
  constant.map((name) => `${name} has one value only and counts for nothing`);

const parametersOf = ({ intercept, coefficients }: LinearModel) => ({ intercept, coefficients });

const linearOf = (fields: Fields, reads: readonly FeatureRef[]) => ({
  intercept: numberOf(fields, 'intercept'),
  coefficients: numbersOf(fields, 'coefficients', reads.length),
});
