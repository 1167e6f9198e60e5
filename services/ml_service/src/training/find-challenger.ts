import {
  bayesianInformationCriterion,
  fit,
  learnOnline,
  onlineFromJson,
  onlineStatistics,
  orderStates,
  RETURN_FEATURE,
  score,
  startOnline,
  type Hmm,
  type OnlineEm,
  type OnlineEmJson,
} from '@aistock/hmm-ts';
import { rowCount, type FeatureRows } from './feature-rows.ts';
import type { Candidate, FitProgress, TrainingJob } from './training-job.ts';

/**
 * After n rows the younger ones weigh as much as n^0.9 rows of a window would: of a year of five-minute bars, the last two to
 * four months. On real bars a smaller exponent forgets within days, and the model that is served then holds no better than
 * the last week (`./scripts/prove-training` measures it).
 */
export const ONLINE = { stepExponent: 0.9 } as const;

interface Challenger extends Candidate {
  readonly model: Hmm;
  /** After the rows that it was fitted on. */
  readonly online: OnlineEm;
  readonly occupancyShareMin: number;
  readonly candidates: readonly Candidate[];
  readonly history: readonly number[];
}

/** Goes on with the line, where there is one; else the best fit of these rows. @throws HmmError for rows that cannot be fitted. */
export function findChallenger(job: TrainingJob, trainRows: FeatureRows, told: FitProgress): Challenger {
  return job.predecessor ? carryOn(job.predecessor, trainRows) : bestByBic(job, trainRows, told);
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
