import {
  bayesianInformationCriterion,
  fit,
  learnOnline,
  modelFromJson,
  modelToJson,
  onlineFromJson,
  onlineStatistics,
  onlineToJson,
  orderStates,
  RETURN_FEATURE,
  score,
  startOnline,
  type Covariance,
  type Hmm,
  type HmmJson,
  type OnlineEm,
  type OnlineEmJson,
} from '@aistock/hmm-ts';
import { regimeRegression, type RegimeRegression } from './regime-regression.ts';
import type { RowSplit } from './split-rows.ts';

/**
 * After n rows the younger ones weigh as much as n^0.9 rows of a window would: of a year of five-minute bars, the last two to
 * four months. On real bars a smaller exponent forgets within days, and the model that is served then holds no better than
 * the last week (`./scripts/prove-training` measures it).
 */
const ONLINE = { stepExponent: 0.9 } as const;

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
  /** Where online EM stands after the rows before these; null to fit from the rows alone. */
  readonly predecessor: OnlineEmJson | null;
  /** Fits from different starts for each number of states. */
  readonly restarts: number;
  /** Of every draw of the fit: the same job gives the same bits. */
  readonly seed: number;
}

/** Told of the share that is done, from 0 to 1, and of what comes next. */
type FitProgress = (share: number, message: string) => void;

export interface Candidate {
  readonly states: number;
  readonly bic: number;
  readonly logLikelihood: number;
  readonly converged: boolean;
}

/** Log-likelihoods in nats and in the units of the features; those of the hold-out are means a row. */
export interface TrainingResult extends Candidate {
  readonly model: HmmJson;
  /** Where online EM stands after every row of the job, those of the hold-out too: a later run goes on from here. */
  readonly carried: OnlineEmJson;
  readonly occupancyShareMin: number;
  readonly holdout: number;
  readonly baselineHoldout: number;
  readonly championHoldout: number | null;
  readonly candidates: readonly Candidate[];
  /** Log-likelihood of the fitted rows before the first iteration of EM and after each; empty where online EM went on. */
  readonly history: readonly number[];
  readonly regression: RegimeRegression;
}

interface Challenger extends Candidate {
  readonly model: Hmm;
  /** After the rows that it was fitted on. */
  readonly online: OnlineEm;
  readonly occupancyShareMin: number;
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
  const { model, online, occupancyShareMin } = challenger;
  const learned = learnOnline(online, part(rows, split.trainRows, rowCount(rows)), ONLINE);
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
    carried: onlineToJson(learned.state),
    occupancyShareMin,
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
  const occupancyShareMin = Math.min(...statistics.occupancy) / statistics.rows;
  const online = startOnline(model, statistics);
  return { ...candidates[best]!, model, online, occupancyShareMin, candidates, history };
}

/** Each row is learned from once, as it comes; the states that are served are put in order, those that learn keep theirs. */
function carryOn(predecessor: OnlineEmJson, trainRows: FeatureRows): Challenger {
  const { state: online } = learnOnline(onlineFromJson(predecessor), trainRows, ONLINE);
  const model = orderStates(online.model, RETURN_FEATURE);
  const { occupancy, rows } = onlineStatistics(online);
  const logLikelihood = score(model, trainRows);
  const bic = bayesianInformationCriterion(model, logLikelihood, rowCount(trainRows));
  // There are no iterations that could stop too early: a row is one step.
  const candidate = { states: model.states, bic, logLikelihood, converged: true };
  const occupancyShareMin = Math.min(...occupancy) / rows;
  return { ...candidate, model, online, occupancyShareMin, candidates: [candidate], history: [] };
}

/** Mean predictive log-likelihood a hold-out row, each given all rows before it. */
function holdoutMean(model: Hmm, { rows, split }: TrainingJob): number {
  const all = score(model, rows);
  const before = score(model, part(rows, 0, split.holdoutFrom));
  return (all - before) / (rowCount(rows) - split.holdoutFrom);
}

function part({ dimensions, values }: FeatureRows, from: number, to: number): FeatureRows {
  return { dimensions, values: values.subarray(from * dimensions, to * dimensions) };
}

function rowCount({ dimensions, values }: FeatureRows): number {
  return values.length / dimensions;
}
