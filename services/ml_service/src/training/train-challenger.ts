import { fit, learnOnline, modelFromJson, modelToJson, onlineToJson, score, type Hmm } from '@aistock/hmm-ts';
import { part, rowCount } from './feature-rows.ts';
import { findChallenger, ONLINE } from './find-challenger.ts';
import { regimeRegression } from './regime-regression.ts';
import type { FitProgress, TrainingJob, TrainingResult } from './training-job.ts';

/**
 * Fits a challenger on the first part of the rows and measures it, the champion and a single Gaussian on the rest.
 * @throws HmmError for rows that cannot be fitted.
 */
export function trainChallenger(job: TrainingJob, told: FitProgress = () => undefined): TrainingResult {
  const { rows, split } = job;
  const trainRows = part(rows, 0, split.trainRows);
  const challenger = findChallenger(job, trainRows, told);
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

/** Mean predictive log-likelihood a hold-out row, each given all rows before it. */
function holdoutMean(model: Hmm, { rows, split }: TrainingJob): number {
  const all = score(model, rows);
  const before = score(model, part(rows, 0, split.holdoutFrom));
  return (all - before) / (rowCount(rows) - split.holdoutFrom);
}
