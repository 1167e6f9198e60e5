/** How rows are cut for walking forward: fitted on what came before, tried on what follows. All counts are rows. */
export interface WalkForwardTerms {
  readonly rows: number;
  /** Of each train window; of the first one where it is anchored. */
  readonly trainRows: number;
  readonly testRows: number;
  /** `anchored`: every train window begins with the first row and grows. `rolling`: all are of one length. */
  readonly mode: 'anchored' | 'rolling';
  /** Left out between train and test: see {@link purgeFor}. */
  readonly purgeRows: number;
  /** Left out besides, since what follows closely after the train window is like it. */
  readonly embargoRows: number;
}

/** Fit on rows [trainFrom, trainTo), try on rows [testFrom, testTo). */
export interface RowFold {
  readonly trainFrom: number;
  readonly trainTo: number;
  readonly testFrom: number;
  readonly testTo: number;
}

const FOLDS_MAX = 200;

/**
 * Rows that must lie between train and test so that no test row shares a bar with a train row: what a label reaches forward,
 * and what features reach back (López de Prado, "Advances in Financial Machine Learning", 2018, section 7.4.1).
 */
export function purgeFor(labelHorizonBars: number, warmUpBars: number): number {
  return labelHorizonBars + warmUpBars;
}

/**
 * The folds, test windows one after the other without a gap; rows at the end that fill no whole test window are not used.
 * No folds where the rows are too few.
 * @throws RangeError for counts that are no whole numbers or too small, and for more than 200 folds.
 */
export function walkForward(terms: WalkForwardTerms): RowFold[] {
  const { rows, trainRows, testRows, mode, purgeRows, embargoRows } = terms;
  for (const [name, value, least] of [
    ['rows', rows, 0],
    ['trainRows', trainRows, 1],
    ['testRows', testRows, 1],
    ['purgeRows', purgeRows, 0],
    ['embargoRows', embargoRows, 0],
  ] as const)
    if (!Number.isInteger(value) || value < least)
      throw new RangeError(`${name} must be a whole number of ${least} or more, not ${value}`);
  const gap = purgeRows + embargoRows;
  const count = Math.max(0, Math.floor((rows - trainRows - gap) / testRows));
  if (count > FOLDS_MAX) throw new RangeError(`${count} folds are more than ${FOLDS_MAX}`);
  return Array.from({ length: count }, (_, fold) => {
    const testFrom = trainRows + gap + fold * testRows;
    const trainTo = testFrom - gap;
    return {
      trainFrom: mode === 'anchored' ? 0 : trainTo - trainRows,
      trainTo,
      testFrom,
      testTo: testFrom + testRows,
    };
  });
}
