import { z } from 'zod';
import { Instrument, Name, StreamId } from '../../vocabulary.ts';
import { ForecastAlgorithm, ModelAlgorithm } from './model.ts';

const STREAMS_MAX = 100;
const STRATEGIES_MAX = 32;
const STATES_MAX = 8;
const STATES_LISTED_MAX = 8;
const SEED_MAX = 2_147_483_647;
const HORIZON_BARS_MAX = 250;
const LIST_MAX = 1_000;

/** Newest share of the bars that the model is not fitted on. */
const HoldoutFraction = z.number().min(0.05).max(0.5);

/** Of hidden Markov models; what is left out is as the service is configured. */
export const HmmHyperparameters = z.strictObject({
  /** Numbers of states to try; the Bayesian information criterion chooses. */
  states: z
    .array(z.int().min(2).max(STATES_MAX))
    .min(1)
    .max(STATES_LISTED_MAX)
    .refine((states) => new Set(states).size === states.length, 'must be different numbers')
    .optional(),
  holdout_fraction: HoldoutFraction.optional(),
  /** Fits from different starts for each number of states; the best one counts. */
  restarts: z.int().min(1).max(64).optional(),
});

/** Of models that forecast, besides those of their algorithm, which are checked by its own rules. */
export const ForecastHyperparameters = z.looseObject({
  holdout_fraction: HoldoutFraction.optional(),
  /** Bars ahead that a model with a target learns. */
  horizon_bars: z.int().min(1).max(HORIZON_BARS_MAX).optional(),
});

const Hyperparameters = z.record(
  z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
  z.union([z.number(), z.string().max(64), z.boolean(), z.array(z.number()).max(LIST_MAX)]),
);

/** Whether a model forecasts numbers instead of regimes. */
export const isForecastAlgorithm = (
  algorithm: z.output<typeof ModelAlgorithm> | undefined,
): algorithm is z.output<typeof ForecastAlgorithm> =>
  ForecastAlgorithm.options.some((forecast) => forecast === algorithm);

/**
 * What to train: of a stream, or of every stream of an instrument; of all streams with new files where neither is said.
 * What is left out is as the service is configured.
 */
export const TrainingRequest = z
  .strictObject({
    streams: z.array(StreamId).min(1).max(STREAMS_MAX).optional(),
    instrument: Instrument.optional(),
    algorithm: ModelAlgorithm.optional(),
    /** Train on so many of the newest bars, seen before or not; no file is claimed, and none counts as processed. */
    window_bars: z.int().min(200).max(1_000_000).optional(),
    /** Train on newly claimed bars only, and carry statistics forward. */
    exactly_once: z.boolean().optional(),
    /** Strategies that the model is judged for by their own gates. */
    strategies: z.array(Name).max(STRATEGIES_MAX).optional(),
    /** By name; which ones there are depends on the algorithm. */
    hyperparameters: Hyperparameters.optional(),
    /** Of every draw of the fit: the same bars, request and seed give the same bytes. */
    seed: z.int().min(0).max(SEED_MAX).optional(),
  })
  .refine(({ streams, instrument }) => streams === undefined || instrument === undefined, {
    path: ['instrument'],
    message: 'must be left out where streams are named',
  })
  .refine(({ window_bars: bars, streams, instrument }) => bars === undefined || streams || instrument, {
    path: ['window_bars'],
    message: 'goes with streams or with an instrument',
  })
  .refine(({ window_bars: bars, exactly_once: once }) => bars === undefined || once !== true, {
    path: ['exactly_once'],
    message: 'must not be true where window_bars is given: a window has bars that were trained on before',
  })
  .refine(({ algorithm, streams, instrument }) => !isForecastAlgorithm(algorithm) || streams || instrument, {
    path: ['streams'],
    message: 'or an instrument must be named where a model forecasts: it claims no files',
  })
  .refine(({ algorithm, exactly_once: once }) => !isForecastAlgorithm(algorithm) || once !== true, {
    path: ['exactly_once'],
    message: 'must not be true where a model forecasts: only regimes are trained on claimed files',
  })
  .refine(({ algorithm, strategies }) => !isForecastAlgorithm(algorithm) || !strategies?.length, {
    path: ['strategies'],
    message: 'must be left out where a model forecasts: strategies are judged with models of regimes',
  })
  .superRefine(({ algorithm, hyperparameters = {} }, context) => {
    const schema = isForecastAlgorithm(algorithm) ? ForecastHyperparameters : HmmHyperparameters;
    for (const issue of schema.safeParse(hyperparameters).error?.issues ?? [])
      context.addIssue({ ...issue, path: ['hyperparameters', ...issue.path] });
  });
export type TrainingRequest = z.output<typeof TrainingRequest>;
