import { randomUUID } from 'node:crypto';
import { availableParallelism, hostname } from 'node:os';
import { WorkLoop, type Handlers, type Metrics, type StopHook } from '@aistock/service-kit';
import type { trainingRoutes } from '@aistock/shared';
import { createTurns } from '../turns.ts';
import { createTrainingHandlers } from './handlers.ts';
import { removeRawBytes } from './retention.ts';
import { RunWorker } from './runs/run-worker.ts';
import type { TrainingContext } from './training-context.ts';

const BUCKETS_S = [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600];
/** Threads where nobody told how many: more would crowd out the rest of a container. */
const THREADS_MAX = 16;
/** Less than a service gives to each thing that it stops. */
const STOP_GRACE_MS = 1_500;
const RETENTION = 'retention';
/** Named in one line of the log. */
const KEPT_TOLD_MAX = 5;

export interface Training {
  readonly handlers: Handlers<typeof trainingRoutes>;
  /** Begins to work on runs, also on those that others left. */
  readonly start: () => void;
  readonly stopHook: StopHook;
}

/** @param ended - hears of each stream that was worked on. */
export function openTraining(
  context: TrainingContext,
  metrics: Metrics,
  ended: (stream: string) => void,
): Training {
  const { db, config, strategies, logger } = context;
  const retention = createTurns();
  const clean = () => void retention.run(RETENTION, () => removeDeleted(context));
  const seconds = metrics.histogram({
    name: 'ml_training_seconds',
    help: 'How long a training run took.',
    buckets: BUCKETS_S,
  });
  const stop = new AbortController();
  const worker = new RunWorker({
    ...context,
    claimer: `ml_service@${hostname()}:${process.pid}:${randomUUID()}`,
    stopping: stop.signal,
    ended: (stream, elapsed) => {
      seconds.observe(elapsed);
      ended(stream);
      // Nobody who asked for a model waits for bytes to go.
      clean();
    },
  });
  const threads = config.TRAINING_THREADS ?? Math.min(THREADS_MAX, Math.max(1, availableParallelism() - 1));
  const loops = Array.from({ length: threads }, () => new WorkLoop(() => worker.step(), logger, stop.signal));
  return {
    handlers: createTrainingHandlers({
      db,
      config,
      strategies,
      wake: () => loops.forEach((loop) => loop.wake()),
      cancelled: (runId) => worker.cancelled(runId),
    }),
    start: () => {
      clean();
      for (const loop of loops) loop.start();
    },
    stopHook: {
      name: 'trainings',
      run: async () => {
        stop.abort(new Error('the service stops'));
        const late = new Promise((resolve) => setTimeout(resolve, STOP_GRACE_MS).unref());
        await Promise.race([Promise.all([...loops.map((loop) => loop.ended), retention.idle()]), late]);
      },
    },
  };
}

/** Bytes that cannot be removed now are tried again after the next run; their intent stays in the ledger. */
async function removeDeleted(context: TrainingContext): Promise<void> {
  const { logger } = context;
  try {
    const { deleted, kept } = await removeRawBytes(context);
    if (deleted > 0) logger.info('removed raw bytes of processed files', { files: deleted });
    if (kept.length === 0) return;
    const told = kept
      .slice(0, KEPT_TOLD_MAX)
      .map(({ file, why }) => ({ file_id: file.file_id, stream: file.stream, why }));
    logger.warn('raw files are kept for now', { files: kept.length, told });
  } catch (error) {
    logger.error('raw bytes of processed files could not be removed', { error });
  }
}
