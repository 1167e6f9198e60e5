import { Worker } from 'node:worker_threads';
import { HmmError } from '../hmm-error.ts';
import type { EmRun } from '../training/em.ts';
import type { FitProgress } from '../training/fit-options.ts';
import type { Answer, Task, WorkerJob } from './protocol.ts';

const ENTRY = new URL('./fit-worker.ts', import.meta.url);

export interface WorkerPool {
  /**
   * Runs the tasks, each worker one at a time; the results come in the order of the tasks. It never ends where a worker
   * does before it has answered: `failed` tells that.
   * @throws HmmError that a worker answered with, and what `onProgress` throws.
   */
  run(tasks: readonly Task[]): Promise<EmRun[]>;
  /** Rejects with an HmmError `worker_failed` once a worker ends. */
  readonly failed: Promise<never>;
  /** Ends the workers, whatever they do. */
  close(): Promise<void>;
}

/** @param onProgress called with what the workers report. */
export function openPool(
  job: WorkerJob,
  threads: number,
  onProgress: ((progress: FitProgress) => void) | undefined,
): WorkerPool {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const workers = Array.from({ length: threads }, () =>
    new Worker(ENTRY, { workerData: job })
      .on('error', (error) => reject(new HmmError('worker_failed', `a worker failed: ${messageOf(error)}`)))
      .on('exit', (code) => reject(new HmmError('worker_failed', `a worker ended with code ${code}`))),
  );
  return {
    failed,
    async run(tasks) {
      const results: EmRun[] = [];
      let next = 0;
      const work = async (worker: Worker) => {
        while (next < tasks.length) {
          const index = next++;
          results[index] = await ask(worker, tasks[index]!, onProgress);
        }
      };
      await Promise.all(workers.map(work));
      return results;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

async function ask(
  worker: Worker,
  task: Task,
  onProgress: ((progress: FitProgress) => void) | undefined,
): Promise<EmRun> {
  const { promise, resolve, reject } = Promise.withResolvers<EmRun>();
  const hear = (answer: Answer) => {
    if (answer.kind === 'done') return resolve(answer.run);
    if (answer.kind === 'refused') return reject(new HmmError(answer.code, answer.message));
    try {
      return onProgress?.(answer.progress);
    } catch (error) {
      return reject(error);
    }
  };
  worker.on('message', hear);
  worker.postMessage(task, []);
  try {
    return await promise;
  } finally {
    worker.off('message', hear);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
