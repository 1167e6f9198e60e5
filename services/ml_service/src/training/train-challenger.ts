import {
  bayesianInformationCriterion,
  fit,
  infer,
  mergeStatistics,
  modelFromJson,
  modelToJson,
  RETURN_FEATURE,
  statisticsFromJson,
  statisticsToJson,
  sufficientStatistics,
  updateOnline,
  type Covariance,
  type Hmm,
  type HmmJson,
  type SufficientStatistics,
  type SufficientStatisticsJson,
} from '@aistock/hmm-ts';
import { regimeRegression, type RegimeRegression } from './regime-regression.ts';
import type { RowSplit } from './split-rows.ts';

const ONLINE_PASSES_MAX = 200;

/** Rows of model features, one a bar, in order of time. */
export interface FeatureRows {
  readonly dimensions: number;
  /** Row-major. */
  readonly values: Float64Array;
}

/** All that a fit needs; plain data, so that it can be sent to a worker thread. */
export interface TrainingJob {
  readonly covariance: Covariance;
  /** Numbers of states to try where there is no line to go on from. */
  readonly states: readonly number[];
  readonly rows: FeatureRows;
  readonly split: RowSplit;
  /** Null where there is none, or where it reads other features. */
  readonly champion: HmmJson | null;
  /** The model whose statistics are carried on; null to fit from the rows alone. */
  readonly predecessor: Predecessor | null;
  /** Fits from different starts for each number of states. */
  readonly restarts: number;
  /** Of every draw of the fit: the same job gives the same bits. */
  readonly seed: number;
}

/** Told of the share that is done, from 0 to 1, and of what comes next. */
type FitProgress = (share: number, message: string) => void;

export interface Predecessor {
  readonly model: HmmJson;
  readonly statistics: SufficientStatisticsJson;
  /** What the old rows still count, from 0 to 1. */
  readonly retention: number;
}

export interface Candidate {
  readonly states: number;
  readonly bic: number;
  readonly logLikelihood: number;
  readonly converged: boolean;
}

/** Log-likelihoods in nats and in the units of the features; those of the hold-out are means a row. */
export interface TrainingResult extends Candidate {
  readonly model: HmmJson;
  /** Of every row of the job under the model, and of what was carried before: a later update goes on from them. */
  readonly carried: SufficientStatisticsJson;
  readonly occupancyShareMin: number;
  readonly holdout: number;
  readonly baselineHoldout: number;
  readonly championHoldout: number | null;
  readonly candidates: readonly Candidate[];
  /** Log-likelihood of the fitted rows before the first iteration of EM and after each; empty where statistics were carried on. */
  readonly history: readonly number[];
  readonly regression: RegimeRegression;
}

interface Challenger extends Candidate {
  readonly model: Hmm;
  /** Old and new rows. */
  readonly statistics: SufficientStatistics;
  readonly candidates: readonly Candidate[];
  readonly history: readonly number[];
}

/**
 * Fits a challenger on the first part of the rows and measures it, the champion and a single Gaussian on the rest.
 * @throws HmmError for rows that cannot be fitted.
 */
export function trainChallenger(job: TrainingJob, told: FitProgress = () => undefined): TrainingResult {
  const { rows, split } = job;
  const trainRows = part(rows, 0, split.trainRows);
  const challenger = job.predecessor ? carryOn(job.predecessor, trainRows) : bestByBic(job, trainRows, told);
  const { model, statistics } = challenger;
  const unfitted = sufficientStatistics(model, part(rows, split.trainRows, rowCount(rows)));
  const baseline = fit(trainRows, { states: 1, restarts: 1 }).model;
  const { states, bic, logLikelihood, converged, candidates, history } = challenger;
  return {
    states,
    bic,
    logLikelihood,
    converged,
    candidates,
    history,
    model: modelToJson(model),
    carried: statisticsToJson(mergeStatistics(statistics, unfitted, 1)),
    occupancyShareMin: Math.min(...statistics.occupancy) / statistics.rows,
    holdout: holdoutMean(model, job),
    baselineHoldout: holdoutMean(baseline, job),
    championHoldout: job.champion && holdoutMean(modelFromJson(job.champion), job),
    regression: regimeRegression(model, rows, split),
  };
}

/** The model of other rows, found as the job finds its own: the number of states by the information criterion. */
export function fitBest(job: TrainingJob, rows: FeatureRows): Hmm {
  return bestByBic(job, rows, () => undefined).model;
}

function bestByBic(job: TrainingJob, trainRows: FeatureRows, told: FitProgress): Challenger {
  const { covariance, restarts, seed } = job;
  const fits = job.states.map((states, index) => {
    told(index / job.states.length, `${states} states`);
    return fit(trainRows, { states, covariance, restarts, seed, orderBy: RETURN_FEATURE });
  });
  const candidates = fits.map(({ model, bic, logLikelihood, converged }) => ({
    states: model.states,
    bic,
    logLikelihood,
    converged,
  }));
  const best = candidates.reduce(
    (top, candidate, index) => (candidate.bic < candidates[top]!.bic ? index : top),
    0,
  );
  const { model, statistics, history } = fits[best]!;
  return { ...candidates[best]!, model, statistics, candidates, history };
}

function carryOn(predecessor: Predecessor, trainRows: FeatureRows): Challenger {
  const update = updateOnline(
    modelFromJson(predecessor.model),
    statisticsFromJson(predecessor.statistics),
    trainRows,
    { retention: predecessor.retention, passes: ONLINE_PASSES_MAX, orderBy: RETURN_FEATURE },
  );
  const { model, statistics, logLikelihood, converged } = update;
  const bic = bayesianInformationCriterion(model, logLikelihood, rowCount(trainRows));
  const candidate = { states: model.states, bic, logLikelihood, converged };
  return { ...candidate, model, statistics, candidates: [candidate], history: [] };
}

/** Mean predictive log-likelihood a hold-out row, each given all rows before it. */
function holdoutMean(model: Hmm, { rows, split }: TrainingJob): number {
  const all = infer(model, rows).logLikelihood;
  const before = infer(model, part(rows, 0, split.holdoutFrom)).logLikelihood;
  return (all - before) / (rowCount(rows) - split.holdoutFrom);
}

function part({ dimensions, values }: FeatureRows, from: number, to: number): FeatureRows {
  return { dimensions, values: values.subarray(from * dimensions, to * dimensions) };
}

function rowCount({ dimensions, values }: FeatureRows): number {
  return values.length / dimensions;
}
