import { toPriceBar, type Bar } from '@aistock/market';
import { streamParts } from '../stream-parts.ts';
import { forecastContent } from '../report/content/forecast-content.ts';
import type { NewModel } from '../training/new-model.ts';
import type { ForecastTerms } from '../training/runs/training-terms.ts';
import type { Told, TrainingOutcome, TrainingTask } from '../training/thread/training-task.ts';
import { trainForecast } from './train-forecast.ts';

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
  const priceBars = bars.map(toPriceBar);
  const { holdout_fraction, horizon_bars, ...hyperparameters } = terms.hyperparameters;
  const trained = trainForecast(
    {
      stream,
      timeframe: streamParts(stream).timeframe,
      bars: priceBars,
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
  const decision = { promote, gates, strategies: [] };
  const openMs = Float64Array.from(priceBars, (bar) => bar.openMs);
  const close = Float64Array.from(priceBars, (bar) => bar.close);
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
    report: forecastContent({ trained, decision, openMs, close }),
    readFromMs: bars[0]!.openMs,
    readToMs: bars.at(-1)!.openMs,
  };
  return { model, validation: decision };
}
