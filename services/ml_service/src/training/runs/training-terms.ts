import { algorithmNamed, ModelError, type Hyperparameters } from '@aistock/models';
import { ServiceError } from '@aistock/service-kit';
import {
  ForecastHyperparameters,
  HmmHyperparameters,
  isForecastAlgorithm,
  type TrainingRequest,
} from '@aistock/shared';
import type { Config } from '../../config.ts';

/** Of every draw of a fit that was asked for without one. */
const SEED_DEFAULT = 20_000_103;
const RESTARTS_DEFAULT = 12;
const HORIZON_BARS_DEFAULT = 1;

interface CommonTerms {
  /** Strategies whose own gates judge the model. */
  readonly strategies: readonly string[];
  /** The newest bars that it trains on; null where it claims files. */
  readonly window_bars: number | null;
  /** Bars of the window that ends with claimed files, and what old bars weigh together in online EM. */
  readonly window_bars_max: number;
}

export interface RegimeTerms extends CommonTerms {
  readonly tells: 'regimes';
  readonly algorithm: Config['ALGORITHM'];
  readonly hyperparameters: {
    readonly states: readonly number[];
    readonly holdout_fraction: number;
    readonly restarts: number;
  };
}

export interface ForecastTerms extends CommonTerms {
  readonly tells: 'forecasts';
  readonly algorithm: NonNullable<TrainingRequest['algorithm']>;
  /** Those of the algorithm, with `holdout_fraction` and `horizon_bars`. */
  readonly hyperparameters: Hyperparameters & {
    readonly holdout_fraction: number;
    readonly horizon_bars: number;
  };
}

/** What a run is asked for, with every default filled in, so that it does not matter who works on it. */
export type TrainingTerms = RegimeTerms | ForecastTerms;

export interface AskedTraining {
  readonly terms: TrainingTerms;
  readonly exactlyOnce: boolean;
  readonly seed: number;
}

/**
 * What was asked for, completed by what the service is configured with.
 * @throws ServiceError 400 `invalid_request` for a hyperparameter that the algorithm does not allow.
 */
export function fullTerms(request: TrainingRequest, config: Config): AskedTraining {
  const { algorithm = config.ALGORITHM, window_bars: windowBars = null, seed = SEED_DEFAULT } = request;
  const common = {
    strategies: [...new Set(request.strategies)],
    window_bars: windowBars,
    window_bars_max: windowBars ?? config.WINDOW_BARS_MAX,
  };
  if (isForecastAlgorithm(algorithm)) {
    const hyperparameters = forecastHyperparameters(algorithm, request, config);
    // It claims no files, or the models of regimes would never see them.
    const terms = { ...common, window_bars: common.window_bars_max, algorithm, hyperparameters };
    return { terms: { ...terms, tells: 'forecasts' }, exactlyOnce: false, seed };
  }
  const given = HmmHyperparameters.parse(request.hyperparameters ?? {});
  const hyperparameters = {
    states: given.states ?? config.STATES,
    holdout_fraction: given.holdout_fraction ?? config.HOLDOUT_FRACTION,
    restarts: given.restarts ?? RESTARTS_DEFAULT,
  };
  return {
    terms: { ...common, tells: 'regimes', algorithm, hyperparameters },
    exactlyOnce: request.exactly_once ?? (windowBars === null && config.EXACTLY_ONCE),
    seed,
  };
}

function forecastHyperparameters(
  algorithm: string,
  request: TrainingRequest,
  config: Config,
): ForecastTerms['hyperparameters'] {
  const {
    holdout_fraction = config.HOLDOUT_FRACTION,
    horizon_bars = HORIZON_BARS_DEFAULT,
    ...own
  } = ForecastHyperparameters.parse(request.hyperparameters ?? {});
  try {
    return { ...algorithmNamed(algorithm).hyperparameters(own), holdout_fraction, horizon_bars };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const { field = 'hyperparameters', message } = error;
    throw new ServiceError('invalid_request', 400, message, { fields: [{ field, message }] });
  }
}
