import { Worker } from 'node:worker_threads';

const HEAP_MB_MAX = 1_024;

/**
 * Does a task in a thread of its own, so that the service goes on answering.
 * @param module - posts one message, the outcome, or throws.
 * @throws what the thread throws; the signal's reason where it is aborted, after the thread has ended.
 */
export async function runInThread<Outcome>(
  module: URL,
  task: unknown,
  signal: AbortSignal,
): Promise<Outcome> {
  signal.throwIfAborted();
  const worker = new Worker(module, {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort);
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', (code) => reject(new Error(`the thread ended with code ${code} and no outcome`)));
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', abort);
    await worker.terminate();
  }
}
