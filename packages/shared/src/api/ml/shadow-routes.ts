import { z } from 'zod';
import { READERS, route } from '../../route.ts';
import { Ms, StreamId } from '../../vocabulary.ts';
import { Alias, Gate, ModelKind, ServedStrategy } from './model.ts';

const Place = { stream: StreamId, strategy: ServedStrategy, kind: ModelKind };

/** A challenger beside the champion of a place, compared bar after bar. */
const ShadowTrial = z.strictObject({
  trial_id: z.uuid(),
  ...Place,
  model_id: z.uuid(),
  champion_id: z.uuid(),
  /** `proved`: better, and waits for the sign-off of a person. */
  status: z.enum(['running', 'proved', 'promoted', 'withdrawn']),
  since_ms: Ms,
  /** That it must run. */
  days: z.number(),
  /** That both judged. */
  bars: z.int().min(0),
  /** Log-likelihood of the challenger less that of the champion, in nats a bar, with bounds that hold however often they are looked at. */
  mean_difference: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  /** What it must show; those that do not pass are what is missing for a decision. */
  gates: z.array(Gate),
  /** Why it ended, or what is missing; null before it was looked at. */
  reason: z.string().nullable(),
  checked_ms: Ms.nullable(),
  ended_ms: Ms.nullable(),
});

/** How a model that answers fits the bars that came since. */
const WatchedModel = z.strictObject({
  ...Place,
  alias: Alias,
  model_id: z.uuid(),
  since_ms: Ms,
  /** That came since. */
  bars: z.int().min(0),
  /** Whether it is about to be left. */
  degraded: z.boolean(),
  /** As of the last bar; empty before there are bars enough. */
  gates: z.array(Gate),
  reason: z.string(),
});

export const modelShadowRoutes = {
  shadow: route({
    method: 'GET',
    path: '/shadow',
    summary:
      'Which challengers run beside which champions, how they do, and how champions fit the bars that come.',
    roles: READERS,
    query: z.strictObject({ stream: StreamId }),
    response: z.strictObject({
      /** Newest first: those that run, and the last ones that ended. */
      trials: z.array(ShadowTrial),
      /** Models of regimes that answer for the stream. */
      watched: z.array(WatchedModel),
    }),
  }),
} as const;
