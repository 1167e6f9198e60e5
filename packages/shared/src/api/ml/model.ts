import { z } from 'zod';
import { Instrument, Ms, Name, Sha256, StreamId, Timeframe } from '../../vocabulary.ts';

/** What a model tells. */
export const ModelKind = z.enum(['regime', 'trend', 'volatility', 'direction', 'regression']);

/** Whom a model answers: a strategy, or `*` for everybody who has no model of his own. */
export const ServedStrategy = z.union([z.literal('*'), Name]);

/** `champion` answers, `challenger` is tried beside it, `live` is the champion that a person signed off. */
export const Alias = z.enum(['champion', 'challenger', 'live']);

/** One condition of promotion, with the number that decided it. */
export const Gate = z.strictObject({
  name: z.string(),
  pass: z.boolean(),
  value: z.number().nullable(),
  limit: z.number().nullable(),
  detail: z.string(),
});

/** What models of regimes are fitted by. */
export const RegimeAlgorithm = z.enum(['hmm_gaussian_diagonal', 'hmm_gaussian_full']);

/** What models that forecast are fitted by. */
export const ForecastAlgorithm = z.enum([
  'kalman_trend',
  'garch',
  'garch_gjr',
  'garch_t',
  'garch_gjr_t',
  'logistic_ridge',
  'boosted_trees',
  'linear_ridge',
]);

/** What a model is fitted by. */
export const ModelAlgorithm = z.enum([...RegimeAlgorithm.options, ...ForecastAlgorithm.options]);

export const Model = z.strictObject({
  model_id: z.uuid(),
  stream: StreamId,
  instrument: Instrument,
  timeframe: Timeframe,
  kind: ModelKind,
  algorithm: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
  /** Of a regime model; null for others. */
  states: z.int().positive().nullable(),
  sha256: Sha256,
  run_id: z.uuid(),
  trained_from_ms: Ms,
  trained_to_ms: Ms,
  bars: z.int().positive(),
  bic: z.number().nullable(),
  log_likelihood: z.number().nullable(),
  /** Mean log-likelihood a bar on bars that the model was not fitted on. */
  holdout_log_likelihood: z.number().nullable(),
  features: z.array(z.string()),
  /** `active` while it is champion for anybody, `retired` once it was. */
  status: z.enum(['challenger', 'active', 'retired']),
  /** Those that have nothing to do with a strategy. */
  gates: z.array(Gate),
  /** Version and hash of the sources that trained it; null for models from before it was kept. */
  code_version: z.string().nullable(),
  /** The champion that it was measured against, or else the model that it goes on from; null for the first of its line. */
  parent_model_id: z.uuid().nullable(),
  created_ms: Ms,
  expires_ms: Ms,
});

/** What a model is and where it comes from; the same for every algorithm. */
export const ModelCard = z.strictObject({
  algorithm: z.string(),
  kind: ModelKind,
  stream: StreamId,
  features: z.array(z.strictObject({ name: z.string(), version: z.int().positive() })),
  /** What it learned; null for a model that learns from the features alone. */
  target: z.strictObject({ name: z.string(), horizon_bars: z.int().positive() }).nullable(),
  /** Open times of the first and the last row that it was fitted on. */
  trained_from_ms: Ms,
  trained_to_ms: Ms,
  rows: z.int().positive(),
  /** SHA-256 of each file that its bars came from, ascending. */
  file_hashes: z.array(Sha256),
  hyperparameters: z.record(
    z.string(),
    z.union([z.number(), z.string(), z.boolean(), z.null(), z.array(z.number())]),
  ),
  seed: z.int().min(0),
  /** Free parameters. */
  parameters: z.int().positive(),
  converged: z.boolean(),
  /** Of the rows that it was fitted on; names end in their unit. */
  metrics: z.record(z.string(), z.number()),
  warnings: z.array(z.string()),
});
