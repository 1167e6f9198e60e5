import { ModelError } from '../model-error.ts';
import type { BoostingOptions } from './options.ts';

/** Labelled rows. NaN in a feature is a missing value; labels are finite, and 0 or 1 for `binary`. */
export interface LabelledRows {
  /** By feature, by row. */
  readonly columns: readonly Float64Array[];
  readonly labels: Float64Array;
}

/** @throws ModelError `bad_shape`, `not_finite` or `too_few_rows`. */
export function checkRows(
  { columns, labels }: LabelledRows,
  featureNames: readonly string[],
  options: BoostingOptions,
): void {
  if (columns.length === 0 || columns.length !== featureNames.length)
    throw new ModelError(
      'bad_shape',
      `columns must be ${featureNames.length}, one a feature name, not ${columns.length}`,
    );
  for (const [feature, column] of columns.entries()) {
    if (column.length !== labels.length)
      throw new ModelError(
        'bad_shape',
        `${featureNames[feature]} must have ${labels.length} rows, not ${column.length}`,
      );
    const infinite = column.findIndex((value) => Math.abs(value) === Infinity);
    if (infinite >= 0)
      throw new ModelError(
        'not_finite',
        `${featureNames[feature]} of row ${infinite} must be finite, or NaN for missing`,
      );
  }
  const isSound = (label: number) =>
    options.objective === 'binary' ? label === 0 || label === 1 : Number.isFinite(label);
  const bad = labels.findIndex((label) => !isSound(label));
  if (bad >= 0)
    throw new ModelError(
      'not_finite',
      `label ${bad} must be ${options.objective === 'binary' ? '0 or 1' : 'finite'}, not ${labels[bad]}`,
    );
  if (labels.length < 2 * options.leafRowsMin)
    throw new ModelError('too_few_rows', `${labels.length} rows; two leaves need ${2 * options.leafRowsMin}`);
}
