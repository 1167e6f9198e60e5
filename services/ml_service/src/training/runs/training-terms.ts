import type { TrainingRequest } from '@aistock/shared';
import type { Config } from '../../config.ts';

/** Of every draw of a fit that was asked for without one. */
const SEED_DEFAULT = 20_000_103;
const RESTARTS_DEFAULT = 12;

/** What a run is asked for, with every default filled in, so that it does not matter who works on it. */
export interface TrainingTerms {
  readonly algorithm: Config['ALGORITHM'];
  /** Strategies whose own gates judge the model. */
  readonly strategies: readonly string[];
  /** The newest bars that it trains on; null where it claims files. */
  readonly window_bars: number | null;
  /** Bars of the window that ends with claimed files, and what old bars weigh together in online EM. */
  readonly window_bars_max: number;
  readonly hyperparameters: {
    readonly states: readonly number[];
    readonly holdout_fraction: number;
    readonly restarts: number;
  };
}

export interface AskedTraining {
  readonly terms: TrainingTerms;
  readonly exactlyOnce: boolean;
  readonly seed: number;
}

/** What was asked for, completed by what the service is configured with. */
export function fullTerms(request: TrainingRequest, config: Config): AskedTraining {
  const { window_bars: windowBars = null, hyperparameters = {} } = request;
  return {
    terms: {
      algorithm: request.algorithm ?? config.ALGORITHM,
      strategies: [...new Set(request.strategies)],
      window_bars: windowBars,
      window_bars_max: windowBars ?? config.WINDOW_BARS_MAX,
      hyperparameters: {
        states: hyperparameters.states ?? config.STATES,
        holdout_fraction: hyperparameters.holdout_fraction ?? config.HOLDOUT_FRACTION,
        restarts: hyperparameters.restarts ?? RESTARTS_DEFAULT,
      },
    },
    exactlyOnce: request.exactly_once ?? (windowBars === null && config.EXACTLY_ONCE),
    seed: request.seed ?? SEED_DEFAULT,
  };
}
