import { HmmError } from './hmm-error.ts';

/** Rows of features, one row a step, of one or several sequences one after another. */
export interface Observations {
  /** Features a row. */
  readonly dimensions: number;
  /** Row-major rows × dimensions; finite, or NaN where a value is missing and that is allowed. */
  readonly values: Float64Array;
  /**
   * What becomes of NaN: refused unless told, or `marginalise`: a row counts by the features that it has, and a row
   * that has none lets time pass.
   */
  readonly missing?: Missing;
  /** Rows of each sequence; one sequence of all rows unless told. */
  readonly lengths?: readonly number[];
}

export type Missing = 'refuse' | 'marginalise';

/** Where a sequence lies: rows `first` up to and without `first + steps`. */
export interface Span {
  readonly first: number;
  readonly steps: number;
}

/**
 * The sequences of checked observations.
 * @throws HmmError `bad_shape`, `not_finite` or `too_few_rows` (less than `rowsMin` rows in all).
 */
export function checkObservations(observations: Observations, rowsMin: number): Span[] {
  const { dimensions, values } = observations;
  if (!Number.isInteger(dimensions) || dimensions < 1)
    throw new HmmError('bad_shape', `dimensions must be a whole number from 1, not ${dimensions}`);
  const rows = values.length / dimensions;
  if (!Number.isInteger(rows))
    throw new HmmError(
      'bad_shape',
      `values must be whole rows of ${dimensions}, not ${values.length} numbers`,
    );
  checkFinite(observations);
  if (rows < rowsMin) throw new HmmError('too_few_rows', `${rows} rows, at least ${rowsMin} are needed`);
  return spansOf(observations.lengths ?? [rows], rows);
}

function checkFinite({ dimensions, values, missing = 'refuse' }: Observations): void {
  if (missing !== 'refuse' && missing !== 'marginalise')
    throw new HmmError('bad_option', `missing must be "refuse" or "marginalise", not ${String(missing)}`);
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    if (missing === 'marginalise' && Number.isNaN(values[i])) continue;
    throw new HmmError(
      'not_finite',
      `row ${Math.floor(i / dimensions)}, feature ${i % dimensions} is ${values[i]}; it must be finite` +
        (missing === 'marginalise' ? ' or NaN' : ''),
    );
  }
}

function spansOf(lengths: readonly number[], rows: number): Span[] {
  let first = 0;
  const spans = lengths.map((steps) => {
    if (!Number.isInteger(steps) || steps < 1)
      throw new HmmError('bad_shape', `lengths must be whole numbers from 1, not ${steps}`);
    first += steps;
    return { first: first - steps, steps };
  });
  if (first !== rows) throw new HmmError('bad_shape', `lengths sum to ${first}, but there are ${rows} rows`);
  return spans;
}
