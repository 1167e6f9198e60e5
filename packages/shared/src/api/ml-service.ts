import { z } from 'zod';
import { OPERATORS, READERS, route } from '../route.ts';
import {
  Accountable,
  Instrument,
  InstrumentInPath,
  intText,
  Ms,
  MsText,
  Sha256,
  StreamId,
  Timeframe,
} from '../vocabulary.ts';

/** One condition of promotion, with the number that decided it. */
export const Gate = z.strictObject({
  name: z.string(),
  pass: z.boolean(),
  value: z.number().nullable(),
  limit: z.number().nullable(),
  detail: z.string(),
});

export const Model = z.strictObject({
  model_id: z.uuid(),
  stream: StreamId,
  instrument: Instrument,
  timeframe: Timeframe,
  algorithm: z.enum(['hmm_gaussian_diagonal', 'hmm_gaussian_full']),
  states: z.int().positive(),
  sha256: Sha256,
  run_id: z.uuid(),
  trained_from_ms: Ms,
  trained_to_ms: Ms,
  bars: z.int().positive(),
  bic: z.number(),
  log_likelihood: z.number(),
  /** Mean log-likelihood a bar on bars that the model was not fitted on. */
  holdout_log_likelihood: z.number(),
  features: z.array(z.string()),
  status: z.enum(['challenger', 'active', 'retired']),
  gates: z.array(Gate),
  created_ms: Ms,
  expires_ms: Ms,
});

export const TrainingRun = z.strictObject({
  run_id: z.uuid(),
  stream: StreamId,
  status: z.enum(['running', 'trained', 'nothing_to_train', 'failed', 'abandoned']),
  started_ms: Ms,
  finished_ms: Ms.nullable(),
  files: z.int().min(0),
  bars: z.int().min(0),
  exactly_once: z.boolean(),
  model: Model.nullable(),
  promoted: z.boolean(),
  champion_id: z.uuid().nullable(),
  problem: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
});

export const Regime = z.strictObject({
  instrument: Instrument,
  model_id: z.uuid(),
  /** The bar that this answer has seen last. */
  bar_open_ms: Ms,
  /** Filtered probability of each state, states ordered by volatility, calmest first. */
  probabilities: z.array(z.number()),
  state: z.int().min(0),
  /** Probability-weighted sign of the states' mean return, from -1 to 1. */
  hmm_trend: z.number().min(-1).max(1),
  /** Probability of the most volatile state. */
  hmm_risk: z.number().min(0).max(1),
  expires_ms: Ms,
  expired: z.boolean(),
  /** The model was fitted on later bars than this one: for reports, never to trade on. */
  in_sample: z.boolean(),
});
export type Regime = z.infer<typeof Regime>;

export const mlServiceApi = {
  train: route({
    method: 'POST',
    path: '/train',
    summary: 'Claim the new files of each stream, train a challenger, promote it if every gate passes.',
    roles: OPERATORS,
    body: z.strictObject({ streams: z.array(StreamId).min(1).max(100).optional() }).optional(),
    response: z.strictObject({ runs: z.array(TrainingRun) }),
    timeoutMs: 600_000,
  }),
  run: route({
    method: 'GET',
    path: '/runs/:id',
    summary: 'A training run.',
    roles: READERS,
    params: z.strictObject({ id: z.uuid() }),
    response: TrainingRun,
  }),
  models: route({
    method: 'GET',
    path: '/models',
    summary: 'Models, newest first.',
    roles: READERS,
    query: z.strictObject({ instrument: InstrumentInPath.optional(), limit: intText(1, 1000).optional() }),
    response: z.strictObject({ models: z.array(Model) }),
  }),
  // Before /models/:id, which would take `active` for an id.
  activeModels: route({
    method: 'GET',
    path: '/models/active',
    summary: 'The active model of each instrument.',
    roles: READERS,
    response: z.strictObject({
      /** `generation` rises by one with every change of the active model. */
      active: z.array(z.strictObject({ stream: StreamId, generation: z.int().positive(), model: Model })),
    }),
  }),
  model: route({
    method: 'GET',
    path: '/models/:id',
    summary: 'A model with its artefact, from which its regimes can be computed again, number for number.',
    roles: READERS,
    params: z.strictObject({ id: z.uuid() }),
    response: z.strictObject({
      model: Model,
      /** The Gaussian HMM as JSON of packages/hmm-ts. */
      artefact: z.record(z.string(), z.unknown()),
      /** The first bar that GET /regime filters with this model. */
      filter_from_ms: Ms,
    }),
  }),
  promote: route({
    method: 'POST',
    path: '/models/:id/promote',
    summary: 'Make a model active by hand; its gates must have passed.',
    roles: OPERATORS,
    params: z.strictObject({ id: z.uuid() }),
    body: Accountable,
    response: Model,
  }),
  rollback: route({
    method: 'POST',
    path: '/rollback',
    summary: 'Make the model that was active before active again.',
    roles: OPERATORS,
    body: Accountable.extend({ stream: StreamId }),
    response: Model,
  }),
  regime: route({
    method: 'GET',
    path: '/regime/:instrument',
    summary: 'The regime as the active model filters it from the bars closed by as_of_ms.',
    roles: READERS,
    params: z.strictObject({ instrument: InstrumentInPath }),
    query: z.strictObject({ timeframe: Timeframe.optional(), as_of_ms: MsText.optional() }),
    response: Regime,
  }),
} as const;
