import { ModelError } from '../model-error.ts';
import { filterVariances } from './step.ts';
import { ewmaModel, moments, startOf, type VolatilityModel } from './volatility-model.ts';

/** Mean QLIKE losses of forecasts, smaller is better. */
export interface VolatilityScore {
  readonly model: number;
  readonly ewma: number;
  /** The model's less that of EWMA, and its standard error with bars taken as independent. */
  readonly difference: number;
  readonly standardError: number;
  readonly isWorse: boolean;
}

/**
 * How well a model that was fitted on `training` forecasts the later returns, beside EWMA: QLIKE, ln h + e² / h, which ranks
 * forecasts rightly although e² is only a noisy sign of the variance (Patton 2011). Both follow the bars of both parts.
 * @throws ModelError `not_finite`, `too_few_rows`, or `degenerate` where a forecast is zero.
 */
export function scoreVolatility(
  model: VolatilityModel,
  training: Float64Array,
  later: Float64Array,
): VolatilityScore {
  const { mean } = moments(training);
  const losses = (each: VolatilityModel): Float64Array => {
    const { state } = filterVariances(each, startOf(each, training), training);
    return filterVariances(each, state, later).variances.map((variance, i) => {
      if (!(variance > 0)) throw new ModelError('degenerate', `the variance forecast for bar ${i} is zero`);
      return Math.log(variance) + (later[i]! - mean) ** 2 / variance;
    });
  };
  const [own, ewma] = [losses(model), losses(ewmaModel(training))];
  const { mean: difference, variance } = spreadOf(own.map((loss, i) => loss - ewma[i]!));
  return {
    model: spreadOf(own).mean,
    ewma: spreadOf(ewma).mean,
    difference,
    standardError: Math.sqrt(variance / later.length),
    isWorse: difference > 0,
  };
}

function spreadOf(values: Float64Array): { mean: number; variance: number } {
  if (values.length < 2)
    throw new ModelError('too_few_rows', `${values.length} later returns; two are needed`);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    mean,
    variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1),
  };
}
