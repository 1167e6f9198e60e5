import { Worker } from 'node:worker_threads';
import type { TrainingJob, TrainingResult } from './train-challenger.ts';

const HEAP_MB_MAX = 1_024;

/**
 * Runs the job in a thread of its own, so that the service goes on answering.
 * @throws what the fit throws; the signal's reason where it is aborted, after the thread has ended.
 */
export async function fitInWorker(job: TrainingJob, signal: AbortSignal): Promise<TrainingResult> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('./fit-worker.ts', import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
  });
  const { promise, resolve, reject } = Promise.withResolvers<TrainingResult>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort);
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', (code) => reject(new Error(`the fit ended with code ${code} and no result`)));
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', abort);
    await worker.terminate();
  }
}
