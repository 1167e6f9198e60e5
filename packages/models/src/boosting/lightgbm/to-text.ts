import { ModelError } from '../../model-error.ts';
import { importance, type BoostedTrees } from '../boosted-trees.ts';
import type { Tree } from '../tree.ts';
import { DEFAULT_LEFT, MISSING_NAN } from './decision-type.ts';

const OBJECTIVES = { binary: 'binary sigmoid:1', regression: 'regression' } as const;
/** What LightGBM takes for a feature's name. */
const NAME = /^[^\s,:"[\]{}]+$/;
const STUMP: Tree = {
  features: new Int32Array(),
  thresholds: new Float64Array(),
  missingLeft: new Uint8Array(),
  lefts: new Int32Array(),
  rights: new Int32Array(),
  gains: new Float64Array(),
  leafValues: Float64Array.of(0),
  leafRows: Int32Array.of(0),
  leafHessians: Float64Array.of(0),
};

/** The model in LightGBM's text format, version 4. The start score is in the first tree's leaves, as LightGBM has it. */
export function toLightGbmText(model: BoostedTrees): string {
  const { featureNames, ranges, objective, startScore, trees } = model;
  const odd = featureNames.find((name) => !NAME.test(name));
  if (odd !== undefined)
    throw new ModelError(
      'bad_model',
      `feature names must not hold spaces or any of ,:"[]{}, as "${odd}" does`,
    );
  // A text has at least one tree; one that is a single leaf holds the start score alone.
  const blocks = (trees.length === 0 ? [STUMP] : trees).map((tree, index) =>
    treeText(tree, index, index === 0 ? startScore : 0),
  );
  const bytes = new TextEncoder();
  return [
    'tree',
    'version=v4',
    'num_class=1',
    'num_tree_per_iteration=1',
    'label_index=0',
    `max_feature_idx=${featureNames.length - 1}`,
    `objective=${OBJECTIVES[objective]}`,
    `feature_names=${featureNames.join(' ')}`,
    `feature_infos=${ranges.map(({ min, max }) => (min < max ? `[${min}:${max}]` : 'none')).join(' ')}`,
    `tree_sizes=${blocks.map((block) => bytes.encode(block).length).join(' ')}`,
    '',
    `${blocks.join('')}end of trees`,
    '',
    'feature_importances:',
    ...importance(model)
      .filter(({ splits }) => splits > 0)
      .toSorted((a, b) => b.splits - a.splits)
      .map(({ feature, splits }) => `${feature}=${splits}`),
    '',
    'parameters:',
    'end of parameters',
    '',
    'pandas_categorical:null',
    '',
  ].join('\n');
}

function treeText(tree: Tree, index: number, added: number): string {
  const internal = subtreeSums(tree);
  const lines = [
    `Tree=${index}`,
    `num_leaves=${tree.leafValues.length}`,
    'num_cat=0',
    `split_feature=${tree.features.join(' ')}`,
    `split_gain=${tree.gains.join(' ')}`,
    `threshold=${tree.thresholds.join(' ')}`,
    `decision_type=${Array.from(tree.missingLeft, (left) => MISSING_NAN | (left ? DEFAULT_LEFT : 0)).join(' ')}`,
    `left_child=${tree.lefts.join(' ')}`,
    `right_child=${tree.rights.join(' ')}`,
    `leaf_value=${Array.from(tree.leafValues, (value) => value + added).join(' ')}`,
    `leaf_weight=${tree.leafHessians.join(' ')}`,
    `leaf_count=${tree.leafRows.join(' ')}`,
    `internal_value=${internal.map(() => 0).join(' ')}`,
    `internal_weight=${internal.map(({ hessian }) => hessian).join(' ')}`,
    `internal_count=${internal.map(({ rows }) => rows).join(' ')}`,
    'is_linear=0',
    'shrinkage=1',
  ];
  return `${lines.join('\n')}\n\n\n`;
}

/** Rows and hessians below each node. */
function subtreeSums(tree: Tree): { rows: number; hessian: number }[] {
  const sums = Array.from(tree.features, () => ({ rows: 0, hessian: 0 }));
  // A child is always made after its parent, so that going backwards meets children first.
  for (let node = sums.length - 1; node >= 0; node--)
    for (const child of [tree.lefts[node]!, tree.rights[node]!]) {
      const own =
        child < 0 ? { rows: tree.leafRows[~child]!, hessian: tree.leafHessians[~child]! } : sums[child]!;
      sums[node] = { rows: sums[node]!.rows + own.rows, hessian: sums[node]!.hessian + own.hessian };
    }
  return sums;
}
