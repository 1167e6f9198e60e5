import { ModelError } from '../model-error.ts';

/** Rows with what they led to. Every number is finite. */
export interface LinearRows {
  /** By feature, by row. */
  readonly columns: readonly Float64Array[];
  readonly labels: Float64Array;
}

export interface LinearOptions {
  /** Half of this times the squared coefficients of standardised features is added to the loss of all rows; the intercept is free. */
  readonly lambda: number;
}

/** A linear score in the units of the features as they were given. */
export interface LinearModel {
  readonly featureNames: readonly string[];
  readonly intercept: number;
  readonly coefficients: readonly number[];
  /**
   * From the inverse of the second derivatives of loss and penalty: with lambda 0 the usual ones, else those of the posterior.
   * Zero for what is constant.
   */
  readonly interceptError: number;
  readonly standardErrors: readonly number[];
  /** Features with one value only in training: their coefficient is 0. */
  readonly constant: readonly string[];
  readonly lambda: number;
}

/** Features with mean 0 and variance 1, a row of ones first; constant features are left out. */
export interface Design {
  readonly columns: readonly Float64Array[];
  /** Which feature each column is; the ones have -1. */
  readonly features: readonly number[];
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

/** @throws ModelError `bad_option`, `bad_shape`, `not_finite`, or `too_few_rows` without more rows than coefficients. */
export function designOf(
  rows: LinearRows,
  featureNames: readonly string[],
  { lambda }: LinearOptions,
): Design {
  if (!(lambda >= 0 && Number.isFinite(lambda)))
    throw new ModelError('bad_option', `lambda must be a number from 0, not ${lambda}`);
  checkColumns(rows.columns, featureNames);
  const count = rows.labels.length;
  for (const [feature, column] of rows.columns.entries())
    if (column.length !== count)
      throw new ModelError(
        'bad_shape',
        `${featureNames[feature]} must have ${count} rows, not ${column.length}`,
      );
  if (count <= rows.columns.length + 1)
    throw new ModelError('too_few_rows', `${count} rows; more than ${rows.columns.length + 1} are needed`);
  const scales = rows.columns.map((column, feature) => scaleOf(column, featureNames[feature]!));
  const features = [...scales.keys()].filter((feature) => scales[feature]!.deviation > 0);
  const standardised = features.map((feature) => {
    const { mean, deviation } = scales[feature]!;
    return rows.columns[feature]!.map((value) => (value - mean) / deviation);
  });
  return {
    columns: [new Float64Array(count).fill(1), ...standardised],
    features: [-1, ...features],
    means: scales.map(({ mean }) => mean),
    deviations: scales.map(({ deviation }) => deviation),
  };
}

/** @throws ModelError `bad_shape` or `not_finite`, naming the feature. */
export function checkColumns(columns: readonly Float64Array[], featureNames: readonly string[]): void {
  if (columns.length === 0 || columns.length !== featureNames.length)
    throw new ModelError(
      'bad_shape',
      `columns must be ${featureNames.length}, one a feature name, not ${columns.length}`,
    );
  for (const [feature, column] of columns.entries()) {
    const bad = column.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new ModelError(
        'not_finite',
        `${featureNames[feature]} of row ${bad} must be finite, not ${column[bad]}`,
      );
  }
}

/** A spread that rounding explains is none. */
const ROUNDING = 1e-12;
/** Greatest size of a feature; its inverse is the least. Between them no square leaves the range of numbers. */
const SIZE_MAX = 1e150;

function scaleOf(column: Float64Array, name: string): { mean: number; deviation: number } {
  const largest = column.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return { mean: 0, deviation: 0 };
  if (largest > SIZE_MAX || largest < 1 / SIZE_MAX)
    throw new ModelError(
      'not_finite',
      `${name} must be from ${1 / SIZE_MAX} to ${SIZE_MAX} in size, not ${largest}`,
    );
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  // In shares of the largest, whose squares do not vanish.
  const variance = column.reduce((sum, value) => sum + ((value - mean) / largest) ** 2, 0) / column.length;
  const deviation = Math.sqrt(variance);
  return { mean, deviation: deviation > ROUNDING ? deviation * largest : 0 };
}
