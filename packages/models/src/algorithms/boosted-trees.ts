import {
  boostUntilBest,
  fromLightGbmText,
  importance,
  scoreTrees,
  toLightGbmText,
  type BoostedTrees,
} from '../boosting/index.ts';
import type { FeatureRef } from '../dataset.ts';
import { ModelError } from '../model-error.ts';
import { define, type Fitted, type FitTerms } from './define.ts';
import { textOf } from './fields.ts';
import { number, signs, whole } from './hyperparameters.ts';
import { bernoulli } from './linear.ts';
import type { TrainingRows } from './training-rows.ts';

const FEATURES_MAX = 1_000;

const RULES = {
  rounds: whole(200, [1, 10_000]),
  learning_rate: number(0.1, [1e-4, 1]),
  leaves_max: whole(15, [2, 4_096]),
  leaf_rows_min: whole(20, [1, 1_000_000]),
  leaf_hessian_min: number(1e-3, [0, 1e9]),
  lambda: number(1, [0, 1e9]),
  gain_min: number(0, [0, 1e9]),
  bins_max: whole(254, [2, 255]),
  monotone: signs(FEATURES_MAX),
  stop_after_rounds: whole(20, [1, 10_000]),
  validation_share: number(0.2, [0.05, 0.5]),
};
type BoostedHyperparameters = { readonly [Name in keyof typeof RULES]: (typeof RULES)[Name]['fallback'] };

/** Probability that the target is 1, of 0 and 1, by gradient boosted trees; the artefact holds them as LightGBM's text. */
export const boostedTrees = define<BoostedHyperparameters>({
  name: 'boosted_trees',
  kind: 'direction',
  needsTarget: true,
  rules: RULES,
  missing: 'taken',
  fit,
  follow: ({ reads, model: fields }) => {
    const model = modelOf(textOf(fields, 'lightgbm'), reads);
    const cells = reads.map(() => new Float64Array(1));
    return {
      tells: ['probability'],
      step: (row, label) => {
        for (const [at, cell] of cells.entries()) cell[0] = row[at]!;
        const score = scoreTrees(model, cells, 0);
        return {
          values: Float64Array.of(1 / (1 + Math.exp(-score))),
          logLikelihood: bernoulli(score, label),
        };
      },
    };
  },
});

function fit(
  { columns, labels, reads }: TrainingRows,
  { hyperparameters: h, horizonBars, signal, progress }: FitTerms<BoostedHyperparameters>,
): Fitted {
  const options = {
    objective: 'binary',
    rounds: h.rounds,
    learningRate: h.learning_rate,
    leavesMax: h.leaves_max,
    leafRowsMin: h.leaf_rows_min,
    leafHessianMin: h.leaf_hessian_min,
    lambda: h.lambda,
    gainMin: h.gain_min,
    binsMax: h.bins_max,
    stopAfterRounds: h.stop_after_rounds,
    ...(h.monotone.length > 0 && { monotone: h.monotone as readonly (-1 | 0 | 1)[] }),
  } as const;
  let done = 0;
  const { model, rounds, validationLoss } = boostUntilBest(
    { columns, labels },
    reads.map(({ name }) => name),
    options,
    {
      validationShare: h.validation_share,
      purgeRows: horizonBars,
      beforeRound: () => {
        signal?.throwIfAborted();
        progress?.(Math.min(1, done++ / (2 * h.rounds)));
      },
    },
  );
  return {
    model: { lightgbm: toLightGbmText(model) },
    parameters: 1 + model.trees.reduce((sum, { leafValues }) => sum + leafValues.length, 0),
    // Stopped by the later rows, not by the number of rounds that was allowed.
    converged: rounds < h.rounds,
    metrics: {
      rounds,
      validation_log_loss_nats: validationLoss,
      ...Object.fromEntries(
        importance(model).map(({ feature, gain }) => [`gain_of_${feature}_nats`, gain / 2]),
      ),
    },
    warnings: rounds === 0 ? ['no tree was better on later rows than the share of ones alone'] : [],
  };
}

function modelOf(text: string, reads: readonly FeatureRef[]): BoostedTrees {
  const model = fromLightGbmText(text);
  if (model.objective !== 'binary' || model.featureNames.join() !== reads.map(({ name }) => name).join())
    throw new ModelError(
      'bad_model',
      'lightgbm must be a binary model of the features that are read',
      'lightgbm',
    );
  return model;
}
