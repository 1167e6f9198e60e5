import { datasetOf, warmUpBarsOf } from '@aistock/features';
import type { PriceBar, Timeframe } from '@aistock/market';
import {
  algorithmNamed,
  firstRows,
  withFeatures,
  type Artefact,
  type ModelCard,
  type Predictions,
} from '@aistock/models';
import {
  judgeForecast,
  purgeFor,
  type ForecastEvidence,
  type ForecastFacts,
  type PromotionPolicy,
  type Verdict,
} from '@aistock/promotion';
import type { ForecastKind } from '@aistock/shared';
import type { StoredArtefact } from '../registry/artefact.ts';
import { splitRows, type RowSplit } from '../training/split-rows.ts';
import { TrainingProblem } from '../training/training-problem.ts';
import { comparableChampion } from './comparable-champion.ts';
import { storeForecastModel, type ForecastModel } from './forecast-artefact.ts';
import { inputsOf, type ForecastInputs } from './forecast-inputs.ts';
import { featureLeak, measureForecast } from './measure-forecast.ts';

/** All that the training of a model that forecasts needs; plain data. */
export interface ForecastTask {
  readonly stream: string;
  readonly timeframe: Timeframe;
  /** In order of time. */
  readonly bars: readonly PriceBar[];
  readonly algorithm: string;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** Bars ahead that a model with a target learns. */
  readonly horizonBars: number;
  readonly seed: number;
  readonly holdoutFraction: number;
  readonly champion: (StoredArtefact & { readonly expired: boolean }) | null;
  /** Verdict of data_ingester on the stream. */
  readonly quality: ForecastFacts['quality'];
  readonly policy: PromotionPolicy['model'];
}

/** What came of it, before anything is written; plain data. */
export interface TrainedForecast extends Verdict {
  readonly card: Omit<ModelCard, 'fileHashes'> & { readonly kind: ForecastKind };
  readonly artefact: StoredArtefact;
  /** Of the algorithm: what the stored artefact is made of. */
  readonly parameters: Artefact;
  readonly evidence: ForecastEvidence;
  readonly facts: ForecastFacts;
  /** Open times of the rows, and what the model told at each of them; from the row `holdoutFrom` on it was not fitted. */
  readonly rowMs: Float64Array;
  readonly holdoutFrom: number;
  readonly told: Predictions;
}

/**
 * Fits a model on the first part of the bars and measures it, the champion and what knows nothing on the rest. The same task
 * gives the same outcome.
 * @throws TrainingProblem `not_enough_bars`; ModelError or FeatureError for what cannot be fitted.
 */
export function trainForecast(
  task: ForecastTask,
  progress: (share: number) => void = () => undefined,
): TrainedForecast {
  const { bars, seed, hyperparameters, timeframe, quality, policy } = task;
  const algorithm = algorithmNamed(task.algorithm);
  const inputs = inputsOf(algorithm, algorithm.hyperparameters(hyperparameters), task.horizonBars);
  const { features, target, kind } = inputs;
  const champion = task.champion && comparableChampion(task.champion, inputs);
  const all = [...new Set([...features, ...(champion?.features ?? [])])];
  const { stream } = task;
  const dataset = datasetOf(bars, all, { stream, timeframe, fileHashes: [], ...(target && { target }) });
  const split = splitOf(dataset.openMs.length, task, inputs);
  const refs = features.map(({ name, version }) => ({ name, version }));
  const fitted = withFeatures(firstRows(dataset, split.trainRows), refs);
  const trained = algorithm.train(fitted, { seed, hyperparameters, progress });
  const { artefact } = trained;
  const { fileHashes: _, ...card } = trained.card;
  const model: ForecastModel = {
    algorithm: algorithm.name,
    artefact,
    target: card.target,
    filterFromMs: bars[0]!.openMs,
  };
  const driftConfidence = policy.drift_confidence;
  const evidence = measureForecast({ model, inputs, dataset, split, champion, driftConfidence });
  const facts: ForecastFacts = {
    kind,
    bars: card.rows,
    converged: card.converged,
    measures: { ...card.metrics, holdout: evidence.holdout },
    quality,
    leak: featureLeak(bars, features, timeframe),
    champion: task.champion && { expired: task.champion.expired },
  };
  const verdict = judgeForecast(facts, evidence, policy);
  return {
    ...verdict,
    card: { ...card, kind },
    artefact: storeForecastModel(model, fitted),
    parameters: artefact,
    evidence,
    facts,
    rowMs: dataset.openMs,
    holdoutFrom: split.holdoutFrom,
    told: algorithm.predict(artefact, dataset),
  };
}

function splitOf(rows: number, task: ForecastTask, { target, features }: ForecastInputs): RowSplit {
  const purgeRows = purgeFor(target?.horizonBars ?? 0, warmUpBarsOf(features));
  const split = splitRows(rows, task.holdoutFraction, purgeRows);
  if (split) return split;
  throw new TrainingProblem(
    'not_enough_bars',
    `${task.bars.length} bars are too few to fit and to measure a model`,
  );
}
