import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Db } from '@aistock/database';
import { WorkLoop, type Logger, type StopHook } from '@aistock/service-kit';
import type { Strategies } from '@aistock/strategy-schemas';
import type { Neighbours } from '../neighbours.ts';
import { engineVersion } from './code-version.ts';
import { ingesterSource } from './data/ingester-source.ts';
import { mlServiceSource } from './data/model-source.ts';
import { backtestHandlers } from './handlers.ts';
import { HeldJobs } from './runner/held-jobs.ts';
import { ItemWorker } from './runner/item-worker.ts';
import { RunWorker } from './runner/run-worker.ts';
import { WorkerPool } from './worker-pool.ts';

/** A short run need not wait for a long one. */
const RUNS_AT_A_TIME = 2;
/** Less than a service gives to each thing that it stops. */
const STOP_GRACE_MS = 1_500;

export interface BacktestsOptions {
  readonly db: Db;
  readonly neighbours: Neighbours;
  readonly strategies: Strategies;
  readonly logger: Logger;
  /** Threads that work; as many as there are cores unless told. */
  readonly threads: number | undefined;
}

/** Backtests as the engine serves them: their routes, and the loops that work on runs and points. */
export interface Backtests {
  readonly handlers: ReturnType<typeof backtestHandlers>;
  readonly start: () => void;
  readonly stopHook: StopHook;
  readonly codeVersion: string;
}

export async function openBacktests(options: BacktestsOptions): Promise<Backtests> {
  const { db, neighbours, strategies, logger } = options;
  const pool = new WorkerPool(options.threads);
  const preparing = {
    source: ingesterSource(neighbours),
    models: mlServiceSource(neighbours),
    strategies,
    pool,
  };
  const stop = new AbortController();
  const codeVersion = await engineVersion();
  const shared = {
    db,
    pool,
    jobs: new HeldJobs(preparing),
    strategies,
    logger,
    claimer: `engine@${hostname()}:${process.pid}:${randomUUID()}`,
    codeVersion,
    stopping: stop.signal,
  };
  const items = new ItemWorker(shared);
  const itemLoop = new WorkLoop(() => items.step(), logger, stop.signal);
  const runs = new RunWorker({ ...shared, offered: () => itemLoop.wake() });
  const loops = Array.from(
    { length: RUNS_AT_A_TIME },
    () => new WorkLoop(() => runs.step(), logger, stop.signal),
  );
  return {
    handlers: backtestHandlers({
      db,
      strategies,
      codeVersion,
      wake: () => loops.forEach((loop) => loop.wake()),
    }),
    start: () => {
      for (const loop of [...loops, itemLoop]) loop.start();
    },
    stopHook: {
      name: 'backtests',
      run: async () => {
        stop.abort();
        const late = new Promise((resolve) => setTimeout(resolve, STOP_GRACE_MS).unref());
        await Promise.race([Promise.all([...loops, itemLoop].map(({ ended }) => ended)), late]);
        await pool.close();
      },
    },
    codeVersion,
  };
}
