import type { Dataset, FeatureRef } from '../dataset.ts';
import { ModelError } from '../model-error.ts';
import { columnsFor } from './artefact.ts';

/** The rows of a dataset that a model is fitted on. */
export interface TrainingRows {
  readonly reads: readonly FeatureRef[];
  /** In the order of `reads`. */
  readonly columns: readonly Float64Array[];
  /** The target of each row; empty for models without one. */
  readonly labels: Float64Array;
  readonly openMs: Float64Array;
  /** Rows that a missing feature cost. */
  readonly leftOut: number;
}

/** What is done with NaN after the first whole row: taken as it is, its row left out, or none is taken at all. */
export type Missing = 'taken' | 'left_out' | 'refused';

interface Wanted {
  /** Names of the features to read; all of the dataset's where not given. */
  readonly names?: readonly string[];
  readonly needsTarget: boolean;
  readonly missing: Missing;
}

/**
 * Without the first rows, whose features are still warming up, and without those whose target is not known.
 * @throws ModelError `bad_shape` for a dataset that is none; `not_finite`, naming feature and row, for an infinite value and
 *   for a missing one where none may be.
 */
export function trainingRows(dataset: Dataset, { names, needsTarget, missing }: Wanted): TrainingRows {
  checkDataset(dataset);
  const reads = names ? names.map((name) => refOf(dataset, name)) : dataset.features;
  const columns = columnsFor(reads, dataset);
  if (needsTarget && !dataset.target)
    throw new ModelError('bad_shape', 'target must be given: the algorithm learns one', 'target');
  const target = needsTarget ? dataset.target!.values : null;
  const first = dataset.openMs.findIndex((_, row) => columns.every((column) => !Number.isNaN(column[row])));
  const kept: number[] = [];
  let leftOut = 0;
  for (let row = first < 0 ? dataset.openMs.length : first; row < dataset.openMs.length; row++) {
    for (const [at, column] of columns.entries())
      checkValue(column[row]!, { name: reads[at]!.name, row, missing });
    if (target && Number.isNaN(target[row])) continue;
    if (missing === 'left_out' && columns.some((column) => Number.isNaN(column[row]))) leftOut++;
    else kept.push(row);
  }
  const part = (column: Float64Array) => Float64Array.from(kept, (row) => column[row]!);
  return {
    reads,
    columns: columns.map(part),
    labels: target ? part(target) : new Float64Array(),
    openMs: part(dataset.openMs),
    leftOut,
  };
}

function refOf({ features }: Dataset, name: string): FeatureRef {
  const found = features.find((each) => each.name === name);
  if (found) return found;
  const names = features.map((each) => each.name).join(', ');
  throw new ModelError('bad_shape', `features must hold ${name}; there are ${names}`, 'features');
}

function checkValue(
  value: number,
  { name, row, missing }: { readonly name: string; readonly row: number; readonly missing: Missing },
): void {
  if (Number.isFinite(value) || (Number.isNaN(value) && missing !== 'refused')) return;
  const allowed = missing === 'refused' ? 'finite' : 'finite, or NaN for missing';
  throw new ModelError('not_finite', `${name} of row ${row} must be ${allowed}, not ${value}`, name);
}

/** @throws ModelError `bad_shape`. */
export function checkDataset({ openMs, features, columns, target }: Dataset): void {
  demand(features.length > 0, 'must name at least one', 'features');
  demand(new Set(features.map(({ name }) => name)).size === features.length, 'must differ', 'features');
  demand(columns.length === features.length, `must be ${features.length}, one a feature`, 'columns');
  for (const column of columns)
    demand(column.length === openMs.length, `must have ${openMs.length} rows each`, 'columns');
  demand(!target || target.values.length === openMs.length, `must have ${openMs.length} rows`, 'target');
  const isAscending = openMs.every((at, row) => Number.isFinite(at) && (row === 0 || at > openMs[row - 1]!));
  demand(isAscending, 'must be finite and ascending', 'openMs');
}

function demand(isSound: boolean, what: string, field: string): void {
  if (!isSound) throw new ModelError('bad_shape', `${field} ${what}`, field);
}
