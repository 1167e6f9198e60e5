import type { Db } from '@aistock/database';
import { startLeaseHeartbeat, type Logger } from '@aistock/service-kit';
import type { RunJob } from '../job/run-job.ts';
import { LEASE_MS } from '../store/run-claims.ts';
import {
  claimItems,
  failItems,
  findHelp,
  finishItems,
  releaseItems,
  renewItems,
} from '../store/sweep-items.ts';
import type { HelpedRun, ItemClaim } from '../store/sweep-items.ts';
import type { WorkerPool } from '../worker-pool.ts';
import { POINTS_PER_TASK } from './evaluate-here.ts';
import type { HeldJobs } from './held-jobs.ts';

/** So many runs are remembered; one that is forgotten is looked at once more. */
const NOT_MINE_MAX = 100;

export interface ItemWorkerOptions {
  readonly db: Db;
  readonly pool: WorkerPool;
  readonly jobs: HeldJobs;
  readonly logger: Logger;
  readonly claimer: string;
  readonly codeVersion: string;
  readonly stopping: AbortSignal;
}

/** Works on the points of runs, whichever replica they belong to. */
export class ItemWorker {
  readonly #options: ItemWorkerOptions;
  /** Runs that this process cannot help with: it reads other bars, or is other code. */
  readonly #notMine: string[] = [];

  constructor(options: ItemWorkerOptions) {
    this.#options = options;
  }

  /** Works on some items of the oldest run that has any. @returns whether there were any. */
  async step(): Promise<boolean> {
    const { db, pool, claimer } = this.#options;
    const run = await findHelp(db, this.#notMine);
    if (!run) return false;
    const job = await this.#jobOf(run);
    if (!job) return true;
    const limit = pool.threads * POINTS_PER_TASK;
    const claims = await claimItems(db, { claimer, runId: run.runId, limit });
    if (claims.length === 0) return false;
    await this.#work(job, claims);
    return true;
  }

  /** The job with the very bars of the run; undefined where this process has others. */
  async #jobOf(run: HelpedRun): Promise<RunJob | undefined> {
    const { jobs, logger, codeVersion, stopping } = this.#options;
    if (run.codeVersion === codeVersion) {
      const { job, dataSha256 } = await jobs.get(run.runId, run.request, stopping);
      if (Object.entries(run.dataSha256).every(([stream, sha256]) => dataSha256[stream] === sha256))
        return job;
      jobs.drop(run.runId);
    }
    logger.warn('backtests: cannot help with a run of other bars or other code', { run_id: run.runId });
    this.#notMine.push(run.runId);
    if (this.#notMine.length > NOT_MINE_MAX) this.#notMine.shift();
    return undefined;
  }

  async #work(job: RunJob, claims: readonly ItemClaim[]): Promise<void> {
    const { db, logger, stopping } = this.#options;
    using heartbeat = startLeaseHeartbeat(async () => (await renewItems(db, claims)) > 0, {
      leaseMs: LEASE_MS,
      stopping,
      logger,
    });
    const chunks: ItemClaim[][] = [];
    for (let from = 0; from < claims.length; from += POINTS_PER_TASK)
      chunks.push(claims.slice(from, from + POINTS_PER_TASK));
    await Promise.all(chunks.map((chunk) => this.#chunk(job, chunk, heartbeat.signal)));
  }

  async #chunk(job: RunJob, chunk: readonly ItemClaim[], signal: AbortSignal): Promise<void> {
    const { db, pool, logger } = this.#options;
    try {
      const points = chunk.map(({ point }) => point);
      await finishItems(db, chunk, await pool.run('evaluate', { job, points }, signal));
    } catch (error) {
      if (signal.aborted) return releaseItems(db, chunk);
      logger.error('backtests: points of a run failed', { run_id: chunk[0]!.runId, error });
      await failItems(db, chunk, error instanceof Error ? error.message : String(error));
    }
  }
}
