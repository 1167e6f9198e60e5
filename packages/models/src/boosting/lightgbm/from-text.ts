import { ModelError } from '../../model-error.ts';
import type { BoostedTrees } from '../boosted-trees.ts';
import type { Tree } from '../tree.ts';
import { CATEGORICAL, DEFAULT_LEFT, MISSING_MASK, MISSING_NAN } from './decision-type.ts';

const TREES_MAX = 100_000;

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
