import type { Point, PointResult, RunJob } from '../job/run-job.ts';
import type { WorkerPool } from '../worker-pool.ts';

/** Points that a thread is given at a time: enough to keep it busy, few enough to share the rest. */
export const POINTS_PER_TASK = 4;

/** Runs points on all threads of this process. @returns what came of them in their order, whichever thread was faster. */
export async function evaluateHere(
  pool: WorkerPool,
  job: RunJob,
  points: readonly Point[],
  { signal, told }: { readonly signal: AbortSignal; readonly told?: (share: number) => void },
): Promise<PointResult[]> {
  let done = 0;
  const chunks: (readonly Point[])[] = [];
  for (let from = 0; from < points.length; from += POINTS_PER_TASK)
    chunks.push(points.slice(from, from + POINTS_PER_TASK));
  const results = await Promise.all(
    chunks.map(async (chunk) => {
      const found = await pool.run('evaluate', { job, points: chunk }, signal);
      done += chunk.length;
      told?.(done / points.length);
      return found;
    }),
  );
  return results.flat();
}
