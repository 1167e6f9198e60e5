import type { Observations } from '../observations.ts';
import { checkWhole, type FitOptions } from '../training/fit-options.ts';
import { fitOf, type Fit } from '../training/fit.ts';
import { likeliestFirst, planSearch, type SearchPlan } from '../training/search.ts';
import type { EmRun } from '../training/em.ts';
import { openPool, type WorkerPool } from './worker-pool.ts';

export type ThreadedFitOptions = FitOptions & {
  /** Worker threads at most; there are never more than starts. */
  readonly threadsMax: number;
};

/**
 * What `fit` finds, bit for bit and whatever the number of threads, with its starts spread over worker threads. The rows
 * are copied once, into memory that all threads share. Reports of progress come in no certain order.
 * @throws HmmError as `fit`, or `worker_failed`; the reason of `signal`, which ends the threads at once.
 */
export async function fitOnThreads(observations: Observations, options: ThreadedFitOptions): Promise<Fit> {
  const { threadsMax, signal, onProgress } = options;
  checkWhole(threadsMax, 'threadsMax', 1);
  signal?.throwIfAborted();
  const { plan, rows } = planSearch(observations, options);
  const job = {
    plan,
    rows: { ...rows, values: inSharedMemory(rows.values) },
    reportsProgress: onProgress !== undefined,
  };
  const pool = openPool(job, Math.min(threadsMax, plan.seeds.length), onProgress);
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal?.reason);
  signal?.addEventListener('abort', abort);
  try {
    return fitOf(await Promise.race([bestRun(plan, pool), pool.failed, aborted]), rows, plan);
  } finally {
    signal?.removeEventListener('abort', abort);
    await pool.close();
  }
}

async function bestRun(plan: SearchPlan, pool: WorkerPool): Promise<EmRun> {
  const starts = plan.seeds.map((_, attempt) => ({ phase: 'screening' as const, attempt }));
  const screened = await pool.run(starts);
  const finalists = likeliestFirst(screened.map((run, attempt) => ({ ...run, attempt }))).slice(
    0,
    plan.finalists,
  );
  const finals = await pool.run(finalists.map(({ attempt, ...run }) => ({ phase: 'final', attempt, run })));
  return likeliestFirst(finals)[0]!;
}

function inSharedMemory(values: Float64Array): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}
