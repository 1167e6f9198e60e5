import { ModelError } from '../model-error.ts';
import { importance, type BoostedTrees } from './boosted-trees.ts';
import type { Tree } from './tree.ts';

/** Bits of LightGBM's `decision_type`: a numerical split, whose missing values are NaN, and which side they take. */
const DEFAULT_LEFT = 2;
const CATEGORICAL = 1;
const MISSING_NAN = 2 << 2;
const MISSING_MASK = 3 << 2;
const OBJECTIVES = { binary: 'binary sigmoid:1', regression: 'regression' } as const;
const TREES_MAX = 100_000;
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

/**
 * A model from LightGBM's text format: numerical splits, one class, objective binary or regression, of which missing values
 * are NaN or none.
 * @throws ModelError `bad_model`, naming what cannot be taken.
 */
export function fromLightGbmText(text: string): BoostedTrees {
  const [head = '', ...rest] = text.split(/^Tree=\d+$/m);
  const fields = fieldsOf(head);
  const objective = objectiveOf(fields.get('objective') ?? '');
  if ((fields.get('num_class') ?? '1') !== '1') throw bad('num_class must be 1');
  const featureNames = (fields.get('feature_names') ?? '').split(' ').filter(Boolean);
  if (featureNames.length === 0) throw bad('feature_names must name the features');
  if (rest.length === 0 || rest.length > TREES_MAX) throw bad(`there must be 1 to ${TREES_MAX} trees`);
  const ranges = (fields.get('feature_infos') ?? '').split(' ').map((info) => {
    const [, min, max] = /^\[(.+):(.+)\]$/.exec(info) ?? [];
    return { min: Number(min ?? NaN), max: Number(max ?? NaN) };
  });
  const trees = rest.map((block, index) => treeOf(fieldsOf(block), { index, features: featureNames.length }));
  return { objective, featureNames, startScore: 0, trees, ranges };
}

function objectiveOf(text: string): BoostedTrees['objective'] {
  if (/^binary( sigmoid:1)?$/.test(text)) return 'binary';
  if (text === 'regression') return 'regression';
  throw bad(`objective must be binary sigmoid:1 or regression, not ${text}`);
}

function treeOf(
  fields: ReadonlyMap<string, string>,
  where: { readonly index: number; readonly features: number },
): Tree {
  const name = `tree ${where.index}`;
  const numbers = (field: string) => {
    const own = (fields.get(field) ?? '').split(' ').filter(Boolean).map(Number);
    if (own.some(Number.isNaN)) throw bad(`${field} of ${name} must hold numbers`);
    return own;
  };
  const [leaves = 0] = numbers('num_leaves');
  const decisions = numbers('decision_type');
  const features = numbers('split_feature');
  const children = { lefts: numbers('left_child'), rights: numbers('right_child') };
  for (const own of [decisions, features, children.lefts, children.rights, numbers('threshold')])
    if (own.length !== leaves - 1) throw bad(`${name} must have ${leaves - 1} splits for ${leaves} leaves`);
  if (features.some((feature) => !Number.isInteger(feature) || feature < 0 || feature >= where.features))
    throw bad(`split_feature of ${name} must be below ${where.features}`);
  for (const own of [children.lefts, children.rights])
    if (own.some((child, node) => (child < 0 ? ~child >= leaves : child <= node || child >= leaves - 1)))
      throw bad(`children of ${name} must be leaves or later nodes`);
  for (const decision of decisions) {
    if ((decision & CATEGORICAL) !== 0) throw bad(`${name} splits a category; only numbers are taken`);
    if ((decision & MISSING_MASK) === 1 << 2) throw bad(`${name} takes zero for missing, which is not taken`);
  }
  const values = numbers('leaf_value');
  if (values.length !== leaves) throw bad(`leaf_value of ${name} must hold ${leaves} numbers`);
  const filled = (own: readonly number[]) => (own.length > 0 ? own : values.map(() => 0));
  return {
    features: Int32Array.from(features),
    thresholds: Float64Array.from(numbers('threshold')),
    missingLeft: Uint8Array.from(decisions, (decision, node) =>
      Number(isMissingLeft(decision, numbers('threshold')[node]!)),
    ),
    lefts: Int32Array.from(children.lefts),
    rights: Int32Array.from(children.rights),
    gains: Float64Array.from(numbers('split_gain')),
    leafValues: Float64Array.from(values),
    leafRows: Int32Array.from(filled(numbers('leaf_count'))),
    leafHessians: Float64Array.from(filled(numbers('leaf_weight'))),
  };
}

/** Where no missing values were known, LightGBM takes NaN for zero. */
function isMissingLeft(decision: number, threshold: number): boolean {
  return (decision & MISSING_MASK) === MISSING_NAN ? (decision & DEFAULT_LEFT) !== 0 : threshold >= 0;
}

function fieldsOf(block: string): ReadonlyMap<string, string> {
  const lines = block.split('\n').filter((line) => line.includes('='));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

function bad(message: string): ModelError {
  return new ModelError('bad_model', message);
}
