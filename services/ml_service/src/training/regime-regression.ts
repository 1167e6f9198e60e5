import { filter, regimeOf, RETURN_FEATURE, stateMeanings, type Hmm } from '@aistock/hmm-ts';
import { MultivariateLinearRegression } from 'ml-regression';
import type { FeatureRows } from './feature-rows.ts';
import type { RowSplit } from './split-rows.ts';

/** How much of the next bar's return a linear function of trend and risk explains. A report, never a gate. */
export interface RegimeRegression {
  /** Share of variance explained on the rows that it was fitted on. */
  readonly r2Train: number | null;
  /** The same on the hold-out, against the mean of the fitted rows; below zero where it is worse than that mean. */
  readonly r2Holdout: number | null;
  readonly weights: { readonly trend: number; readonly risk: number; readonly intercept: number };
}

/** Ordinary least squares of the return of row t + 1 on the filtered regime at row t. */
export function regimeRegression(model: Hmm, rows: FeatureRows, split: RowSplit): RegimeRegression {
  const { filtered } = filter(model, rows);
  const meanings = stateMeanings(model);
  const count = rows.values.length / rows.dimensions;
  const inputs: number[][] = [];
  const returns: number[][] = [];
  for (let row = 0; row + 1 < count; row++) {
    const { trend, risk } = regimeOf(
      meanings,
      filtered.subarray(row * model.states, (row + 1) * model.states),
    );
    inputs.push([trend, risk]);
    returns.push([rows.values[(row + 1) * rows.dimensions + RETURN_FEATURE]!]);
  }
  const fitted = split.trainRows - 1;
  const regression = new MultivariateLinearRegression(inputs.slice(0, fitted), returns.slice(0, fitted), {
    statistics: false,
  });
  const mean = returns.slice(0, fitted).reduce((sum, [value]) => sum + value!, 0) / fitted;
  const r2 = (from: number, to: number) =>
    shareExplained(regression.predict(inputs.slice(from, to)), returns.slice(from, to), mean);
  const [trend, risk, intercept] = regression.weights.map(([weight]) => weight!) as [number, number, number];
  return {
    r2Train: r2(0, fitted),
    r2Holdout: r2(split.holdoutFrom, inputs.length),
    weights: { trend, risk, intercept },
  };
}

/** 1 − residual / total sum of squares; null where nothing varies or the fit broke down. */
function shareExplained(predicted: number[][], actual: number[][], mean: number): number | null {
  let residual = 0;
  let total = 0;
  actual.forEach(([value], row) => {
    residual += (value! - predicted[row]![0]!) ** 2;
    total += (value! - mean) ** 2;
  });
  const share = 1 - residual / total;
  return Number.isFinite(share) ? share : null;
}
