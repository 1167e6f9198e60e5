import { Worker } from 'node:worker_threads';

const HEAP_MB_MAX = 1_024;
/**
 * Of what has just been made. Left to itself it grows to four times as much: 300 MB more with two trainings, for a twentieth of
 * their time.
 */
const YOUNG_HEAP_MB_MAX = 12;

/** What a thread says; an error ends it. */
export type ThreadMessage<Outcome, Progress> = { readonly told: Progress } | { readonly outcome: Outcome };

export interface ThreadOptions<Progress> {
  readonly signal: AbortSignal;
  readonly told?: (progress: Progress) => void;
}

/**
 * Does a task in a thread of its own, so that the service goes on answering.
 * @param module - posts messages, the outcome as the last one, or throws.
 * @throws what the thread throws; the signal's reason where it is aborted, after the thread has ended.
 */
export async function runInThread<Outcome, Progress = never>(
  module: URL,
  task: unknown,
  { signal, told }: ThreadOptions<Progress>,
): Promise<Outcome> {
  signal.throwIfAborted();
  const worker = new Worker(module, {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX, maxYoungGenerationSizeMb: YOUNG_HEAP_MB_MAX },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort);
  worker.on('message', (message: ThreadMessage<Outcome, Progress>) => {
    if ('told' in message) told?.(message.told);
    else resolve(message.outcome);
  });
  worker.once('error', reject);
  worker.once('exit', (code) => reject(new Error(`the thread ended with code ${code} and no outcome`)));
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', abort);
    await worker.terminate();
  }
}
