import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type * as worker from './job/worker.ts';

/** Tasks that wait for a thread; whoever asks for more is told to wait. */
const QUEUE_MAX = 10_000;
/** A thread that has nothing to do ends after so long, and gives its memory back. */
const IDLE_MS = 30_000;

/** Threads where nobody told how many: more would crowd out the rest of a container. */
const THREADS_MAX = 64;

type Tasks = typeof worker;

/** Threads that run backtests, so that the thread that answers requests does not have to. */
export class WorkerPool {
  readonly threads: number;
  readonly #pool: Piscina;

  /** @param threads as many as there are cores unless told. */
  constructor(threads: number | undefined) {
    this.threads = threads ?? Math.min(availableParallelism(), THREADS_MAX);
    this.#pool = new Piscina({
      filename: new URL('./job/worker.ts', import.meta.url).href,
      minThreads: 0,
      maxThreads: this.threads,
      maxQueue: QUEUE_MAX,
      idleTimeout: IDLE_MS,
    });
  }

  /** Runs a task in a thread; a signal that is aborted ends the thread in the middle of it. */
  run<Name extends keyof Tasks>(
    name: Name,
    task: Parameters<Tasks[Name]>[0],
    signal: AbortSignal,
  ): Promise<ReturnType<Tasks[Name]>> {
    return this.#pool.run(task, { name, signal }) as Promise<ReturnType<Tasks[Name]>>;
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}
