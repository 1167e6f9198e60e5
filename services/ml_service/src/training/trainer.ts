import type { Metrics } from '@aistock/service-kit';
import { abandonDeadRuns } from '../registry/runs.ts';
import { createTurns } from '../turns.ts';
import { removeRawBytes } from './retention.ts';
import { trainStream, type TrainingContext } from './train-stream.ts';

const BUCKETS_S = [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600];
/** All trainings wait for each other: a fit takes a core of its own, and one is enough to give. */
const ONE_AT_A_TIME = 'training';
const RETENTION = 'retention';
/** Named in one line of the log. */
const KEPT_TOLD_MAX = 5;

export interface Trainer {
  /** One run of a stream, after those that were asked for before. Answers the id of the run. */
  readonly train: (stream: string, signal: AbortSignal) => Promise<string>;
  /** Ends what a process that died left behind: runs that still say `running`, and deletions that were intended. */
  readonly tidyUp: () => Promise<void>;
  /** Settles once no training and no removal runs. */
  readonly idle: () => Promise<void>;
}

export function createTrainer(context: TrainingContext, metrics: Metrics): Trainer {
  const turns = createTurns();
  const seconds = metrics.histogram({
    name: 'ml_training_seconds',
    help: 'How long a training run took.',
    buckets: BUCKETS_S,
  });
  return {
    train: (stream, signal) =>
      turns.run(ONE_AT_A_TIME, async () => {
        signal.throwIfAborted();
        await abandonRuns(context);
        const end = seconds.startTimer();
        try {
          return await trainStream(context, stream, signal);
        } finally {
          end();
          // Nobody who asked for a model waits for bytes to go.
          void turns.run(RETENTION, () => removeDeleted(context));
        }
      }),
    tidyUp: async () => {
      await abandonRuns(context);
      void turns.run(RETENTION, () => removeDeleted(context));
    },
    idle: turns.idle,
  };
}

async function abandonRuns({ db, clock, logger }: TrainingContext): Promise<void> {
  const abandoned = await abandonDeadRuns(db, new Date(clock.nowMs()));
  if (abandoned > 0) logger.warn('abandoned runs of a process that died', { runs: abandoned });
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
