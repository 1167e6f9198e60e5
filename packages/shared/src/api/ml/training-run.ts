import { z } from 'zod';
import { Ms, Name, StreamId } from '../../vocabulary.ts';
import { Model, ModelAlgorithm } from './model.ts';

export const TrainingStatus = z.enum([
  'queued',
  'running',
  'trained',
  'nothing_to_train',
  'failed',
  'cancelled',
  'abandoned',
]);

export const TrainingPhase = z.enum([
  'waiting',
  'claiming',
  'reading',
  'fitting',
  'validating',
  'committing',
]);

/** How far a run is. */
export const TrainingProgress = z.strictObject({
  /** The one that it is in, or was in when it ended. */
  phase: TrainingPhase,
  /** Done of the phase, from 0 to 1. */
  share: z.number().min(0).max(1),
  message: z.string(),
});

export const TrainingRun = z.strictObject({
  run_id: z.uuid(),
  stream: StreamId,
  status: TrainingStatus,
  algorithm: ModelAlgorithm,
  strategies: z.array(Name),
  /** The newest bars that it was asked to train on; null where it claims files. */
  window_bars: z.int().positive().nullable(),
  exactly_once: z.boolean(),
  /** What was asked for of the model, with every default that was filled in. */
  hyperparameters: z.record(z.string(), z.unknown()),
  seed: z.int().min(0),
  progress: TrainingProgress,
  /** How often a process began it; more than once where one died. */
  attempts: z.int().min(0),
  created_ms: Ms,
  /** Null until a process began it. */
  started_ms: Ms.nullable(),
  finished_ms: Ms.nullable(),
  files: z.int().min(0),
  bars: z.int().min(0),
  model: Model.nullable(),
  promoted: z.boolean(),
  champion_id: z.uuid().nullable(),
  problem: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
});
export type TrainingRun = z.output<typeof TrainingRun>;

/** One step of a run: the data of a server-sent event of type `progress`, whose id is `event_id`. */
export const TrainingEvent = z.strictObject({
  /** Rises with every event of a run. */
  event_id: z.int().positive(),
  run_id: z.uuid(),
  status: TrainingStatus,
  progress: TrainingProgress,
  at_ms: Ms,
});
export type TrainingEvent = z.output<typeof TrainingEvent>;
