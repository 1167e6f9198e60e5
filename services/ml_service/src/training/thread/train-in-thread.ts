import { Worker } from 'node:worker_threads';
import type { ThreadMessage, Told, TrainingOutcome, TrainingTask } from './training-task.ts';

const HEAP_MB_MAX = 1_024;

export interface ThreadOptions {
  readonly signal: AbortSignal;
  readonly told: Told;
}

/**
 * Does the task in a thread of its own, from reading bars to the verdict, so that the service goes on answering.
 * @throws what the training throws; the signal's reason where it is aborted, after the thread has ended.
 */
export async function trainInThread(
  task: TrainingTask,
  { signal, told }: ThreadOptions,
): Promise<TrainingOutcome> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('./training-worker.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
  });
  const { promise, resolve, reject } = Promise.withResolvers<TrainingOutcome>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort);
  worker.on('message', (message: ThreadMessage) => {
    if ('told' in message) told(message.told);
    else resolve(message.outcome);
  });
  worker.once('error', reject);
  worker.once('exit', (code) => reject(new Error(`the training ended with code ${code} and no result`)));
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', abort);
    await worker.terminate();
  }
}
