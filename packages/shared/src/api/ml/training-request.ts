import { z } from 'zod';
import { Instrument, Name, StreamId } from '../../vocabulary.ts';
import { ModelAlgorithm } from './model.ts';

const STREAMS_MAX = 100;
const STRATEGIES_MAX = 32;
const STATES_MAX = 8;
const STATES_LISTED_MAX = 8;
const SEED_MAX = 2_147_483_647;

/** Of hidden Markov models; what is left out is as the service is configured. */
const HmmHyperparameters = z.strictObject({
  /** Numbers of states to try; the Bayesian information criterion chooses. */
  states: z
    .array(z.int().min(2).max(STATES_MAX))
    .min(1)
    .max(STATES_LISTED_MAX)
    .refine((states) => new Set(states).size === states.length, 'must be different numbers')
    .optional(),
  /** Newest share of the bars that the model is not fitted on. */
  holdout_fraction: z.number().min(0.05).max(0.5).optional(),
  /** Fits from different starts for each number of states; the best one counts. */
  restarts: z.int().min(1).max(64).optional(),
});

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
    hyperparameters: HmmHyperparameters.optional(),
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
  });
export type TrainingRequest = z.output<typeof TrainingRequest>;
