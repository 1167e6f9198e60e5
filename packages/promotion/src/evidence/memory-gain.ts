import { meanDifference, type MeanDifference } from '../statistics/mean-difference.ts';
import {
  logMixture,
  predictedStates,
  stateShares,
  type RowRange,
  type StateForecast,
} from './state-forecast.ts';

/** Rows that a model was fitted on, [0, trainRows), and rows from `holdoutFrom` on that it is measured on. */
export interface HoldoutSplit {
  readonly trainRows: number;
  readonly holdoutFrom: number;
}

/** What knowing the past is worth for the return so many bars ahead, nats a bar. */
export interface MemoryGain {
  readonly horizonBars: number;
  readonly holdout: MeanDifference | null;
  /** The same on the rows that the model was fitted on. */
  readonly train: MeanDifference | null;
}

/**
 * Predictive log-likelihood of returns under a regime model less that under the same model without memory: the same
 * distributions, mixed as often as they came in training. Of returns that do not depend on the past the expected difference is
 * zero or below, however they are distributed, since the expected logarithm of a mixture is highest for the true weights
 * (Gibbs' inequality; Gneiting and Raftery, "Strictly Proper Scoring Rules", 2007). So it is what a random walk cannot show,
 * while features that overlap from bar to bar make every model with states beat a model without any.
 * @param returnLogDensities row-major rows × states: of each row's return alone.
 */
export function memoryGain(
  forecast: StateForecast,
  returnLogDensities: Float64Array,
  { trainRows, holdoutFrom }: HoldoutSplit,
  horizonBars: number,
): MemoryGain {
  const { states } = forecast;
  const predicted = predictedStates(forecast, horizonBars);
  const memoryless = stateShares(predicted, states, { from: horizonBars, to: trainRows });
  const gains = ({ from, to }: RowRange): Float64Array =>
    Float64Array.from({ length: Math.max(0, to - from) }, (_, index) => {
      const at = { states, row: from + index };
      return logMixture(predicted, returnLogDensities, at) - logMixture(memoryless, returnLogDensities, at);
    });
  const rows = forecast.filtered.length / states;
  return {
    horizonBars,
    holdout: meanDifference(gains({ from: holdoutFrom, to: rows }), horizonBars),
    train: meanDifference(gains({ from: horizonBars, to: trainRows }), horizonBars),
  };
}
