import { binCount, binningOf, toBins, type Binning } from './bins.ts';
import type { BoostedTrees } from './boosted-trees.ts';
import { growTree, type TreeData } from './grow-tree.ts';
import { checkRows, type LabelledRows } from './labelled-rows.ts';
import { objectiveOf } from './objective.ts';
import { BOOSTING_DEFAULTS, checkOptions, type BoostingOptions } from './options.ts';
import type { Tree } from './tree.ts';
import { Watch } from './watch.ts';

export interface Boosting {
  readonly model: BoostedTrees;
  /** Mean loss on the validation rows after each round, the cut-off ones included; empty without such rows. */
  readonly validationLosses: readonly number[];
}

export interface BoostTerms {
  /** Rows to stop early by; none is trained on. */
  readonly validation?: LabelledRows | undefined;
  /** Called before each round with how many there were; what it throws ends the training. */
  readonly beforeRound?: ((rounds: number) => void) | undefined;
}

/**
 * Trains gradient boosted trees on histograms (Friedman 2001; Ke et al. 2017), deterministic to the bit. With validation rows
 * it stops early; they must come after the training rows in time, with a gap as long as labels look ahead.
 * @throws ModelError `bad_option`, `bad_shape`, `not_finite` or `too_few_rows`.
 */
export function boost(
  rows: LabelledRows,
  featureNames: readonly string[],
  given: Partial<BoostingOptions> = {},
  { validation, beforeRound }: BoostTerms = {},
): Boosting {
  const options = { ...BOOSTING_DEFAULTS, ...given };
  checkOptions(options, featureNames.length);
  checkRows(rows, featureNames, options);
  if (validation) checkRows(validation, featureNames, { ...options, leafRowsMin: 1 });
  const objective = objectiveOf(options);
  const data = binned(rows.columns, options.binsMax);
  const count = rows.labels.length;
  const startScore = objective.startScore(rows.labels);
  const scores = new Float64Array(count).fill(startScore);
  const gradients = new Float64Array(count);
  const hessians = new Float64Array(count);
  const { objective: name } = options;
  const watch = validation && new Watch(validation, { objective: name, startScore }, options.stopAfterRounds);
  const trees: Tree[] = [];
  for (let round = 0; round < options.rounds; round++) {
    beforeRound?.(round);
    objective.derivatives(rows.labels, scores, gradients, hessians);
    const { tree, leafOfRow } = growTree(data, gradients, hessians, options);
    if (tree.features.length === 0) break;
    for (let row = 0; row < count; row++) scores[row] = scores[row]! + tree.leafValues[leafOfRow[row]!]!;
    trees.push(tree);
    if (watch && !watch.goesOn(tree)) break;
  }
  const kept = watch ? trees.slice(0, watch.bestRound) : trees;
  const ranges = data.binnings.map(({ min, max }) => ({ min, max }));
  const model = { objective: name, featureNames, startScore, trees: kept, ranges };
  return { model, validationLosses: watch?.losses ?? [] };
}

function binned(columns: readonly Float64Array[], binsMax: number): TreeData {
  const binnings: readonly Binning[] = columns.map((column) => binningOf(column, binsMax));
  let total = 0;
  const offsets = binnings.map((binning) => {
    total += binCount(binning);
    return total - binCount(binning);
  });
  return {
    binnings,
    offsets,
    total,
    bins: columns.map((column, feature) => toBins(column, binnings[feature]!)),
  };
}
