import { columnsFor } from './algorithms/artefact.ts';
import type { Dataset, FeatureRef } from './dataset.ts';

/** The first rows of a dataset: views, no copies. */
export const firstRows = (dataset: Dataset, rows: number): Dataset => ({
  ...dataset,
  openMs: dataset.openMs.subarray(0, rows),
  columns: dataset.columns.map((column) => column.subarray(0, rows)),
  target: dataset.target && { ...dataset.target, values: dataset.target.values.subarray(0, rows) },
});

/** The dataset with these features only, in this order. @throws ModelError `bad_shape` where one is missing. */
export const withFeatures = (dataset: Dataset, features: readonly FeatureRef[]): Dataset => ({
  ...dataset,
  features,
  columns: columnsFor(features, dataset),
});
