import { ModelError } from '../model-error.ts';
import { boost, type BoostTerms } from './boost.ts';
import { meanLoss, type BoostedTrees } from './boosted-trees.ts';
import type { LabelledRows } from './labelled-rows.ts';
import type { BoostingOptions } from './options.ts';

export interface StoppedEarly {
  /** On all rows, with as many rounds as were best. */
  readonly model: BoostedTrees;
  /** 0 where no tree was better on the later rows than the start score alone. */
  readonly rounds: number;
  /** Mean loss on the later rows, of the model of the earlier ones with so many rounds. */
  readonly validationLoss: number;
}

export interface TimeSplit extends Pick<BoostTerms, 'beforeRound'> {
  /** Share of the rows, the last ones, that rounds are chosen on; above 0 and below 1. */
  readonly validationShare: number;
  /** Rows between both parts that belong to neither: at least as many as a label looks ahead, so that none is known to both. */
  readonly purgeRows: number;
}

/**
 * Boosts on the earlier rows, stops where the later ones gain nothing any more, and boosts again on all rows for so many
 * rounds, for the newest rows tell most. Rows are in order of time.
 * @throws ModelError as `boost`, and `too_few_rows` where a part would be empty.
 */
export function boostUntilBest(
  rows: LabelledRows,
  featureNames: readonly string[],
  options: Partial<BoostingOptions>,
  { validationShare, purgeRows, beforeRound }: TimeSplit,
): StoppedEarly {
  const count = rows.labels.length;
  const from = count - Math.floor(count * validationShare);
  if (from === count || from <= purgeRows)
    throw new ModelError(
      'too_few_rows',
      `${count} rows leave nothing to train on, or nothing to choose rounds on`,
    );
  const part = (start: number, end: number): LabelledRows => ({
    columns: rows.columns.map((column) => column.subarray(start, end)),
    labels: rows.labels.subarray(start, end),
  });
  const validation = part(from, count);
  const early = boost(part(0, from - purgeRows), featureNames, options, { validation, beforeRound }).model;
  const rounds = early.trees.length;
  // At least one round is allowed; of none only the start score is kept.
  const { model } = boost(rows, featureNames, { ...options, rounds: Math.max(1, rounds) }, { beforeRound });
  return {
    model: rounds === 0 ? { ...model, trees: [] } : model,
    rounds,
    validationLoss: meanLoss(early, validation),
  };
}
