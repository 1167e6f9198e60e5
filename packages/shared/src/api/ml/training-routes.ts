import { z } from 'zod';
import { OPERATORS, READERS, route } from '../../route.ts';
import { FlagText, intText, StreamIdInPath } from '../../vocabulary.ts';
import { TrainingRequest } from './training-request.ts';
import { TrainingRun, TrainingStatus } from './training-run.ts';

const RUNS_PER_PAGE_MAX = 200;
const ANSWER_MARGIN_MS = 10_000;
/** How long `?wait=true` waits; the runs go on when it is over. */
export const TRAINING_WAIT_MS = 600_000;
/** How long one stream of events lasts; whoever asks again with Last-Event-ID misses nothing. */
export const EVENT_STREAM_MS = 300_000;

const RunInPath = z.strictObject({ id: z.uuid() });

export const trainingRoutes = {
  train: route({
    method: 'POST',
    path: '/train',
    summary:
      'Train challengers and promote those whose gates pass; answers at once with the runs, or when they are over.',
    roles: OPERATORS,
    query: z.strictObject({ wait: FlagText.optional() }),
    body: TrainingRequest.optional(),
    response: z.strictObject({ runs: z.array(TrainingRun) }),
    timeoutMs: TRAINING_WAIT_MS + ANSWER_MARGIN_MS,
  }),
  runs: route({
    method: 'GET',
    path: '/runs',
    summary: 'Training runs, newest first.',
    roles: READERS,
    query: z.strictObject({
      stream: StreamIdInPath.optional(),
      status: TrainingStatus.optional(),
      limit: intText(1, RUNS_PER_PAGE_MAX).optional(),
    }),
    response: z.strictObject({ runs: z.array(TrainingRun) }),
  }),
  run: route({
    method: 'GET',
    path: '/runs/:id',
    summary: 'A training run, and how far it is.',
    roles: READERS,
    params: RunInPath,
    response: TrainingRun,
  }),
  runEvents: route({
    method: 'GET',
    path: '/runs/:id/events',
    summary: 'Every step of a run as server-sent events until it is over; goes on after Last-Event-ID.',
    roles: READERS,
    params: RunInPath,
    response: z.string(),
    contentType: 'text/event-stream',
    timeoutMs: EVENT_STREAM_MS + ANSWER_MARGIN_MS,
  }),
  cancelRun: route({
    method: 'POST',
    path: '/runs/:id/cancel',
    summary: 'Cancel a run that is not over; its files are given back.',
    roles: OPERATORS,
    params: RunInPath,
    response: TrainingRun,
  }),
} as const;
