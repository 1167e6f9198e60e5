import { z } from 'zod';
import { OPERATORS, READERS, route } from '../../route.ts';
import { Ms, StreamId } from '../../vocabulary.ts';
import { Model } from './model.ts';

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

export const trainingRoutes = {
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
} as const;
