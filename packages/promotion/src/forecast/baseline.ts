import type { ModelKind } from '@aistock/models';

/** Kinds of models that tell numbers instead of regimes. */
export type ForecastKind = Exclude<ModelKind, 'regime'>;

/**
 * Predictive log-likelihood of each row in nats under what a kind of model must beat: all that is known without looking at
 * the past, with parameters of the first rows only. For `direction` the share of ones; for `trend` a random walk with drift,
 * whose changes are normal; for `volatility` and `regression` a normal distribution that never changes.
 * @param series what the model is measured on: labels, prices, returns, or values. NaN is a missing one.
 * @returns NaN where a row says nothing.
 */
export function baselineLogLikelihoods(
  kind: ForecastKind,
  series: Float64Array,
  trainRows: number,
): Float64Array {
  const outcomes =
    kind === 'trend' ? series.map((value, row) => (row === 0 ? NaN : value - series[row - 1]!)) : series;
  const known = outcomes.subarray(0, trainRows).filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  if (kind === 'direction')
    return outcomes.map((label) => (Number.isNaN(label) ? NaN : Math.log(label === 1 ? mean : 1 - mean)));
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length;
  return outcomes.map((value) => -(Math.log(2 * Math.PI * variance) + (value - mean) ** 2 / variance) / 2);
}
