/** How a period is cut for walking forward. All in ms. */
export interface WalkForwardTerms {
  readonly fromMs: number;
  readonly toMs: number;
  /** Length of a train window; of the first one where it is anchored. */
  readonly trainMs: number;
  readonly testMs: number;
  /** `anchored`: every train window begins with the period and grows. `rolling`: all are of one length. */
  readonly mode: 'anchored' | 'rolling';
  /** Left out before a test window: what a trade of the train window could still hold when the test begins. */
  readonly purgeMs: number;
  /** Left out besides, since what follows closely after the train window is like it. */
  readonly embargoMs: number;
}

/** Choose on [trainFromMs, trainToMs), trade on [testFromMs, testToMs). */
export interface Fold {
  readonly trainFromMs: number;
  readonly trainToMs: number;
  readonly testFromMs: number;
  readonly testToMs: number;
}

/** Most folds of one walk. */
const FOLDS_MAX = 200;

/**
 * The folds of a period: test windows follow one another without a gap, and each train window ends purge and embargo before
 * its test. A last test window that the period cuts short is kept where at least half of it is there.
 * @throws RangeError for a period that holds no fold, or more than {@link FOLDS_MAX}.
 */
export function planFolds(terms: WalkForwardTerms): Fold[] {
  const { fromMs, toMs, trainMs, testMs, mode, purgeMs, embargoMs } = terms;
  const folds: Fold[] = [];
  const gapMs = purgeMs + embargoMs;
  for (let testFromMs = fromMs + trainMs + gapMs; testFromMs + testMs / 2 <= toMs; testFromMs += testMs) {
    const trainToMs = testFromMs - gapMs;
    folds.push({
      trainFromMs: mode === 'anchored' ? fromMs : trainToMs - trainMs,
      trainToMs,
      testFromMs,
      testToMs: Math.min(testFromMs + testMs, toMs),
    });
    if (folds.length > FOLDS_MAX) throw new RangeError(`there are more than ${FOLDS_MAX} folds`);
  }
  if (folds.length === 0)
    throw new RangeError('the period is too short for one train and half a test window');
  return folds;
}
