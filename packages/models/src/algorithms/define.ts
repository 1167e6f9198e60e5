import type {
  Algorithm,
  Artefact,
  Follower,
  Predictions,
  TrainedModel,
  TrainingTerms,
} from '../algorithm.ts';
import type { Dataset, FeatureRef } from '../dataset.ts';
import type { Hyperparameters, ModelCard, ModelKind } from '../model-card.ts';
import { ModelError } from '../model-error.ts';
import { columnsFor, opened, sealed, type Opened } from './artefact.ts';
import { readHyperparameters, type Rules } from './hyperparameters.ts';
import { checkDataset, trainingRows, type Missing, type TrainingRows } from './training-rows.ts';

/** What a fit comes to: the parameters, and its part of the card. */
export interface Fitted extends Pick<ModelCard, 'parameters' | 'converged' | 'metrics' | 'warnings'> {
  /** Becomes plain JSON. */
  readonly model: object;
}

export interface FitTerms<H> extends Pick<TrainingTerms, 'seed' | 'signal' | 'progress'> {
  readonly hyperparameters: H;
  /** Of the target; 0 without one. */
  readonly horizonBars: number;
}

/** What sets an algorithm apart. */
interface Definition<H extends Hyperparameters> {
  readonly name: string;
  readonly kind: ModelKind;
  readonly needsTarget: boolean;
  readonly rules: Rules<H>;
  /** The features to read; all of the dataset's where not given. */
  readonly names?: (hyperparameters: H) => readonly string[];
  readonly missing: Missing;
  readonly fit: (rows: TrainingRows, terms: FitTerms<H>) => Fitted;
  readonly follow: (opened: Opened) => Pick<Follower, 'tells' | 'step'>;
}

/** An algorithm behind the common port, from what sets it apart: predictions are always those of its follower, row by row. */
export function define<H extends Hyperparameters>(definition: Definition<H>): Algorithm {
  const { name, kind, needsTarget, rules } = definition;
  const follow = (artefact: Artefact): Follower => {
    const model = opened(name, artefact);
    const { tells, step } = definition.follow(model);
    return {
      reads: model.reads,
      tells,
      step: (row, target) => {
        checkRow(row, model.reads);
        return step(row, target);
      },
    };
  };
  const read = (given: Readonly<Record<string, unknown>>) => readHyperparameters(rules, given);
  return {
    name,
    kind,
    needsTarget,
    hyperparameters: read,
    train: (dataset, terms) =>
      trained(definition, dataset, { ...terms, hyperparameters: read(terms.hyperparameters) }),
    follow,
    predict: (artefact, dataset) => {
      const follower = follow(artefact);
      const columns = follower.tells.map(() => new Float64Array(dataset.openMs.length));
      eachRow(follower, dataset, (row, { values }) => {
        for (const [at, column] of columns.entries()) column[row] = values[at]!;
      });
      return Object.fromEntries(follower.tells.map((tell, at) => [tell, columns[at]!])) satisfies Predictions;
    },
    logLikelihoods: (artefact, dataset) => {
      const told = new Float64Array(dataset.openMs.length);
      eachRow(follow(artefact), dataset, (row, { logLikelihood }) => (told[row] = logLikelihood));
      return told;
    },
  };
}

function trained<H extends Hyperparameters>(
  { name, kind, needsTarget, names, missing, fit }: Definition<H>,
  dataset: Dataset,
  terms: TrainingTerms & { readonly hyperparameters: H },
): TrainedModel {
  if (!Number.isSafeInteger(terms.seed))
    throw new ModelError('bad_option', `seed must be a whole number, not ${terms.seed}`, 'seed');
  terms.signal?.throwIfAborted();
  const { hyperparameters, seed } = terms;
  const rows = trainingRows(dataset, {
    ...(names && { names: names(hyperparameters) }),
    needsTarget,
    missing,
  });
  if (rows.openMs.length === 0)
    throw new ModelError('too_few_rows', 'no row has all features and, where one is learned, a target');
  const target = needsTarget && dataset.target ? dataset.target : null;
  const { model, ...own } = fit(rows, { ...terms, horizonBars: target?.horizonBars ?? 0 });
  terms.progress?.(1);
  const card = {
    algorithm: name,
    kind,
    stream: dataset.stream,
    features: rows.reads,
    target: target && { name: target.name, horizonBars: target.horizonBars },
    trainedFromMs: rows.openMs[0]!,
    trainedToMs: rows.openMs.at(-1)!,
    rows: rows.openMs.length,
    fileHashes: dataset.fileHashes,
    hyperparameters,
    seed,
    ...own,
    warnings:
      rows.leftOut > 0
        ? [...own.warnings, `${rows.leftOut} rows lack a feature and were left out`]
        : own.warnings,
  };
  return { card, artefact: sealed(name, rows.reads, model) };
}

function eachRow(
  follower: Follower,
  dataset: Dataset,
  tell: (row: number, step: ReturnType<Follower['step']>) => void,
) {
  checkDataset(dataset);
  const columns = columnsFor(follower.reads, dataset);
  const values = new Float64Array(columns.length);
  for (let row = 0; row < dataset.openMs.length; row++) {
    for (const [at, column] of columns.entries()) values[at] = column[row]!;
    tell(row, follower.step(values, dataset.target?.values[row] ?? NaN));
  }
}

function checkRow(row: ArrayLike<number>, reads: readonly FeatureRef[]): void {
  if (row.length !== reads.length)
    throw new ModelError('bad_shape', `a row must have ${reads.length} values, not ${row.length}`);
  for (const [at, { name }] of reads.entries())
    if (Math.abs(row[at]!) === Infinity)
      throw new ModelError('not_finite', `${name} must be finite, or NaN for missing, not ${row[at]}`, name);
}
