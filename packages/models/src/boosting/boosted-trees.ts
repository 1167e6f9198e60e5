import type { LabelledRows } from './labelled-rows.ts';
import { objectiveOf } from './objective.ts';
import type { BoostingOptions } from './options.ts';
import { leafOf, type Tree } from './tree.ts';

/** Boosted trees: a score is the start plus a leaf's value of each tree. */
export interface BoostedTrees {
  readonly objective: BoostingOptions['objective'];
  readonly featureNames: readonly string[];
  readonly startScore: number;
  readonly trees: readonly Tree[];
  /** Least and greatest value of each feature in training; NaN where it had none. */
  readonly ranges: readonly { readonly min: number; readonly max: number }[];
}

/** What the model predicts of each row: probabilities, or values. NaN is a missing value. */
export function predictTrees(model: BoostedTrees, columns: readonly Float64Array[]): Float64Array {
  const objective = objectiveOf(model);
  return Float64Array.from({ length: columns[0]?.length ?? 0 }, (_, row) =>
    objective.prediction(scoreTrees(model, columns, row)),
  );
}

/** Sum of the leaves that a row falls into: the logit of the probability for `binary`, else the value. */
export function scoreTrees(
  { startScore, trees }: Pick<BoostedTrees, 'startScore' | 'trees'>,
  columns: readonly Float64Array[],
  row: number,
): number {
  let score = startScore;
  for (const tree of trees) score += tree.leafValues[leafOf(tree, columns, row)]!;
  return score;
}

/** Mean loss of the rows: log-loss in nats for `binary`, else squared error. */
export function meanLoss(model: BoostedTrees, { columns, labels }: LabelledRows): number {
  const objective = objectiveOf(model);
  const total = labels.reduce(
    (sum, label, row) => sum + objective.loss(label, scoreTrees(model, columns, row)),
    0,
  );
  return total / labels.length;
}

/** Sum of the gains of a feature's splits, and how many there are. */
export function importance({
  featureNames,
  trees,
}: BoostedTrees): { feature: string; gain: number; splits: number }[] {
  const found = featureNames.map((feature) => ({ feature, gain: 0, splits: 0 }));
  for (const tree of trees)
    for (const [node, feature] of tree.features.entries()) {
      found[feature]!.gain += tree.gains[node]!;
      found[feature]!.splits++;
    }
  return found;
}
