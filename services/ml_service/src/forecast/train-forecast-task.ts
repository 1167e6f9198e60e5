import { toPriceBar, type Bar } from '@aistock/market';
import { streamParts } from '../stream-parts.ts';
import type { NewModel } from '../training/new-model.ts';
import type { ForecastTerms } from '../training/runs/training-terms.ts';
import type { Told, TrainingOutcome, TrainingTask } from '../training/thread/training-task.ts';
import { trainForecast, type TrainedForecast } from './train-forecast.ts';

export interface ForecastTrainingTask extends TrainingTask {
  readonly terms: ForecastTerms;
}

/** Fits a model that forecasts on bars in order of time, and judges it. @throws as `trainForecast`. */
export function trainForecastTask(
  task: ForecastTrainingTask,
  bars: readonly Bar[],
  told: Told,
): TrainingOutcome {
  const { stream, terms, seed, champion, quality } = task;
  const { holdout_fraction, horizon_bars, ...hyperparameters } = terms.hyperparameters;
  const trained = trainForecast(
    {
      stream,
      timeframe: streamParts(stream).timeframe,
      bars: bars.map(toPriceBar),
      algorithm: terms.algorithm,
      hyperparameters,
      horizonBars: horizon_bars,
      seed,
      holdoutFraction: holdout_fraction,
      champion: champion && {
        text: champion.artefact,
        sha256: champion.sha256,
        expired: champion.expired,
      },
      quality,
      policy: task.policy.model,
    },
    (share) => told({ phase: 'fitting', share, message: '' }),
  );
  const { promote, gates, card, artefact, evidence } = trained;
  const model: NewModel = {
    kind: card.kind,
    algorithm: terms.algorithm,
    states: null,
    artefact,
    carried: null,
    card: { ...card, hyperparameters: terms.hyperparameters },
    bars: card.rows,
    bic: null,
    logLikelihood: card.metrics['log_likelihood_nats'] ?? null,
    holdout: evidence.holdout,
    report: reportOf(trained),
    readFromMs: bars[0]!.openMs,
    readToMs: bars.at(-1)!.openMs,
  };
  return { model, validation: { promote, gates, strategies: [] } };
}

/** What the model showed, as plain JSON for its report. */
function reportOf({ evidence: { holdoutBars, calibration, drifts, ...evidence }, card }: TrainedForecast) {
  const difference = (told: (typeof evidence)['overBaseline']) =>
    told && { mean: told.mean, standard_error: told.standardError, rows: told.rows };
  return {
    holdout_bars: holdoutBars,
    over_baseline: difference(evidence.overBaseline),
    over_champion: difference(evidence.overChampion),
    calibration: calibration && {
      event: calibration.event,
      rows: calibration.rows,
      brier: calibration.brier,
      brier_of_base_rate: calibration.brierOfBaseRate,
      reliability: calibration.reliability,
      bins: calibration.bins,
    },
    drifts: drifts.map(
      (each) =>
        each && {
          feature: each.feature,
          psi: each.psi,
          psi_of_chance: each.psiOfChance,
          ks: each.ks,
          ks_of_chance: each.ksOfChance,
        },
    ),
    warnings: card.warnings,
  };
}
