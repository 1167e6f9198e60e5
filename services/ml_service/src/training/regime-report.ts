import type { TrainingResult } from './train-challenger.ts';

/** What came of the fit of a model of regimes, as plain JSON for its report. */
export const regimeReport = ({
  candidates,
  baselineHoldout,
  championHoldout,
  occupancyShareMin,
  regression,
}: TrainingResult) => ({
  candidates: candidates.map(({ states, bic, logLikelihood, converged }) => ({
    states,
    bic,
    log_likelihood: logLikelihood,
    converged,
  })),
  holdout_one_state: baselineHoldout,
  holdout_champion: championHoldout,
  occupancy_share_min: occupancyShareMin,
  next_return_on_regime: {
    r2_train: regression.r2Train,
    r2_holdout: regression.r2Holdout,
    weights: regression.weights,
  },
});
