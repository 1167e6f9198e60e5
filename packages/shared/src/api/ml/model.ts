import { z } from 'zod';
import { Instrument, Ms, Sha256, StreamId, Timeframe } from '../../vocabulary.ts';

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
