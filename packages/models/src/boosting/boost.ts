import { ModelError } from '../model-error.ts';
import { binCount, binningOf, toBins, type Binning } from './bins.ts';
import { growTree, type TreeData } from './grow-tree.ts';
import { objectiveOf } from './objective.ts';
import { BOOSTING_DEFAULTS, checkOptions, type BoostingOptions } from './options.ts';
import { leafOf, type Tree } from './tree.ts';

/** Labelled rows. NaN in a feature is a missing value; labels are finite, and 0 or 1 for `binary`. */
export interface LabelledRows {
  /** By feature, by row. */
  readonly columns: readonly Float64Array[];
  readonly labels: Float64Array;
}

/** Boosted trees: a score is the start plus a leaf's value of each tree. */
export interface BoostedTrees {
  readonly objective: BoostingOptions['objective'];
  readonly featureNames: readonly string[];
  readonly startScore: number;
  readonly trees: readonly Tree[];
  /** Least and greatest value of each feature in training; NaN where it had none. */
  readonly ranges: readonly { readonly min: number; readonly max: number }[];
}

export interface Boosting {
  readonly model: BoostedTrees;
  /** Mean loss on the validation rows after each round, the cut-off ones included; empty without such rows. */
  readonly validationLosses: readonly number[];
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
  validation?: LabelledRows,
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
  const watch = validation && new Watch(validation, startScore, options);
  const trees: Tree[] = [];
  for (let round = 0; round < options.rounds; round++) {
    objective.derivatives(rows.labels, scores, gradients, hessians);
    const { tree, leafOfRow } = growTree(data, gradients, hessians, options);
    if (tree.features.length === 0) break;
    for (let row = 0; row < count; row++) scores[row] = scores[row]! + tree.leafValues[leafOfRow[row]!]!;
    trees.push(tree);
    if (watch && !watch.goesOn(tree)) break;
  }
  const kept = watch ? trees.slice(0, watch.bestRound) : trees;
  const ranges = data.binnings.map(({ min, max }) => ({ min, max }));
  const model = { objective: options.objective, featureNames, startScore, trees: kept, ranges };
  return { model, validationLosses: watch?.losses ?? [] };
}

/** What the model predicts of each row: probabilities, or values. NaN is a missing value. */
export function predictTrees(model: BoostedTrees, columns: readonly Float64Array[]): Float64Array {
  const objective = objectiveOf(model);
  return Float64Array.from({ length: columns[0]?.length ?? 0 }, (_, row) =>
    objective.prediction(scoreOf(model, columns, row)),
  );
}

function scoreOf({ startScore, trees }: BoostedTrees, columns: readonly Float64Array[], row: number): number {
  let score = startScore;
  for (const tree of trees) score += tree.leafValues[leafOf(tree, columns, row)]!;
  return score;
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

/** Follows the loss on rows that training does not see. */
class Watch {
  readonly losses: number[] = [];
  bestRound = 0;
  readonly #rows: LabelledRows;
  readonly #scores: Float64Array;
  readonly #options: BoostingOptions;
  #bestLoss = Infinity;

  constructor(rows: LabelledRows, startScore: number, options: BoostingOptions) {
    this.#rows = rows;
    this.#scores = new Float64Array(rows.labels.length).fill(startScore);
    this.#options = options;
  }

  /** False once the last rounds brought nothing. */
  goesOn(tree: Tree): boolean {
    const { labels, columns } = this.#rows;
    const objective = objectiveOf(this.#options);
    let total = 0;
    for (let row = 0; row < labels.length; row++) {
      this.#scores[row] = this.#scores[row]! + tree.leafValues[leafOf(tree, columns, row)]!;
      total += objective.loss(labels[row]!, this.#scores[row]!);
    }
    this.losses.push(total / labels.length);
    if (this.losses.at(-1)! < this.#bestLoss) {
      this.#bestLoss = this.losses.at(-1)!;
      this.bestRound = this.losses.length;
    }
    return this.losses.length - this.bestRound < this.#options.stopAfterRounds;
  }
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

function checkRows(
  { columns, labels }: LabelledRows,
  featureNames: readonly string[],
  options: BoostingOptions,
): void {
  if (columns.length === 0 || columns.length !== featureNames.length)
    throw new ModelError(
      'bad_shape',
      `columns must be ${featureNames.length}, one a feature name, not ${columns.length}`,
    );
  for (const [feature, column] of columns.entries()) {
    if (column.length !== labels.length)
      throw new ModelError(
        'bad_shape',
        `${featureNames[feature]} must have ${labels.length} rows, not ${column.length}`,
      );
    const infinite = column.findIndex((value) => Math.abs(value) === Infinity);
    if (infinite >= 0)
      throw new ModelError(
        'not_finite',
        `${featureNames[feature]} of row ${infinite} must be finite, or NaN for missing`,
      );
  }
  const isSound = (label: number) =>
    options.objective === 'binary' ? label === 0 || label === 1 : Number.isFinite(label);
  const bad = labels.findIndex((label) => !isSound(label));
  if (bad >= 0)
    throw new ModelError(
      'not_finite',
      `label ${bad} must be ${options.objective === 'binary' ? '0 or 1' : 'finite'}, not ${labels[bad]}`,
    );
  if (labels.length < 2 * options.leafRowsMin)
    throw new ModelError('too_few_rows', `${labels.length} rows; two leaves need ${2 * options.leafRowsMin}`);
}
