/** Rows that the model is fitted on, and later ones that it is measured on. */
export interface RowSplit {
  /** Rows 0 up to and without this are fitted on. */
  readonly trainRows: number;
  /** Rows from here to the end are the hold-out. Those between overlap both through the features' warm-up. */
  readonly holdoutFrom: number;
}

/** Less rows than these say nothing. */
export const TRAIN_ROWS_MIN = 60;
export const HOLDOUT_ROWS_MIN = 20;

/**
 * Cuts rows in order of time. Between both parts lie `purgeRows`: their features are computed from bars of both.
 * @param holdoutRowsMin the hold-out is as long at least, whatever its fraction; the fraction alone unless told.
 * @returns undefined where either part would be too short to say anything.
 */
export function splitRows(
  rows: number,
  holdoutFraction: number,
  purgeRows: number,
  holdoutRowsMin = 0,
): RowSplit | undefined {
  const holdoutRows = Math.max(Math.floor(rows * holdoutFraction), holdoutRowsMin);
  const holdoutFrom = rows - holdoutRows;
  const trainRows = holdoutFrom - purgeRows;
  if (holdoutRows < HOLDOUT_ROWS_MIN || trainRows < TRAIN_ROWS_MIN) return undefined;
  return { trainRows, holdoutFrom };
}
