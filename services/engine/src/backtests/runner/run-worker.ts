import type { Db } from '@aistock/database';
import { ServiceError, startLeaseHeartbeat, type Logger } from '@aistock/service-kit';
import type { Strategies } from '@aistock/strategy-schemas';
import { shareDone } from '../job/progress.ts';
import type { Point, PointResult, RunJob } from '../job/run-job.ts';
import type { PreparedJob } from '../prepare-job.ts';
import {
  claimRun,
  failRun,
  finishRun,
  LEASE_MS,
  noteData,
  releaseRun,
  renewRun,
  type RunClaim,
} from '../store/run-claims.ts';
import { insertTrials, seenBefore, triedSoFar, trialsOf } from '../store/trials.ts';
import { runStudy, type Studied } from '../studies/run-study.ts';
import { sweepGrid } from '../studies/sweep-grid.ts';
import type { WorkerPool } from '../worker-pool.ts';
import { evaluateEverywhere } from './evaluate-everywhere.ts';
import { evaluateHere } from './evaluate-here.ts';
import type { HeldJobs } from './held-jobs.ts';

/** A run that ended its process so often is not tried again. */
const ATTEMPTS_MAX = 5;
/** From so many points on they are spread over the replicas. */
const SPREAD_MIN = 16;
/** What a study counts for in the progress of its run; the rest is the run of its result. */
const STUDY_SHARE = 0.9;

export interface RunWorkerOptions {
  readonly db: Db;
  readonly pool: WorkerPool;
  readonly jobs: HeldJobs;
  readonly strategies: Strategies;
  readonly logger: Logger;
  readonly claimer: string;
  readonly codeVersion: string;
  readonly stopping: AbortSignal;
  /** Points of a run were put up. */
  readonly offered: () => void;
}

/** A run under way, with how far it is. */
interface Running {
  readonly claim: RunClaim;
  readonly prepared: PreparedJob;
  readonly signal: AbortSignal;
  readonly told: (share: number) => void;
}

/** Works on runs, one at a step, also on those that a crash or a restart interrupted. */
export class RunWorker {
  readonly #options: RunWorkerOptions;

  constructor(options: RunWorkerOptions) {
    this.#options = options;
  }

  /** Works on the run that waits longest. @returns whether there was one. */
  async step(): Promise<boolean> {
    const { db, logger, claimer, codeVersion, stopping } = this.#options;
    const claim = await claimRun(db, { claimer, codeVersion });
    if (!claim) return false;
    let progress = 0;
    let job: RunJob | undefined;
    const share = (): number => Math.max(progress, job ? shareDone(job) : 0);
    using heartbeat = startLeaseHeartbeat(() => renewRun(db, claim, Math.min(1, share())), {
      leaseMs: LEASE_MS,
      stopping,
      logger,
    });
    try {
      this.#refuse(claim);
      const prepared = await this.#options.jobs.get(claim.runId, claim.request, heartbeat.signal);
      job = prepared.job;
      await noteData(db, claim, prepared.dataSha256);
      await this.#work({
        claim,
        prepared,
        signal: heartbeat.signal,
        told: (done) => (progress = STUDY_SHARE * done),
      });
    } catch (error) {
      await this.#giveUp(claim, error, heartbeat.signal);
    } finally {
      this.#options.jobs.drop(claim.runId);
    }
    return true;
  }

  #refuse({ epoch, codeVersion }: RunClaim): void {
    if (epoch > ATTEMPTS_MAX)
      throw new ServiceError('attempts_spent', 500, `the run did not end in ${ATTEMPTS_MAX} attempts`);
    if (codeVersion !== this.#options.codeVersion)
      throw new ServiceError('code_changed', 409, `the run was begun by ${codeVersion}; ask for it again`);
  }

  async #work(running: Running): Promise<void> {
    const { db, pool } = this.#options;
    const { claim, prepared, signal } = running;
    const studied = await this.#study(running);
    const tried = triedSoFar(await seenBefore(db, claim.request), claim.request, studied.tried);
    const conclusion = await pool.run(
      'conclude',
      {
        job: prepared.job,
        segments: studied.segments,
        study: studied.study,
        tried,
        run: reportedRun(claim, prepared),
      },
      signal,
    );
    const { sharpe } = conclusion.outcome.figures;
    await db.transaction().execute(async (trx) => {
      if (!(await finishRun(trx, claim, conclusion))) throw new Error('the claim no longer holds');
      await insertTrials(trx, claim.runId, claim.request, trialsOf(claim.request, studied.tried, sharpe));
    });
  }

  #study({ claim, prepared, signal, told }: Running): Promise<Studied> {
    const { db, pool, strategies, offered } = this.#options;
    let first = 0;
    const evaluate = async (points: readonly Point[]): Promise<PointResult[]> => {
      if (points.length < SPREAD_MIN) return evaluateHere(pool, prepared.job, points, { signal, told });
      const results = evaluateEverywhere(points, { db, runId: claim.runId, first, signal, offered, told });
      first += points.length;
      return results;
    };
    return runStudy(claim.request, {
      grid: sweepGrid(claim.request, strategies),
      evaluate,
      check: () => pool.run('check', prepared.job, signal),
    });
  }

  async #giveUp(claim: RunClaim, error: unknown, signal: AbortSignal): Promise<void> {
    const { db, logger } = this.#options;
    // Stopped: others go on. Lost or cancelled: nothing is changed by either.
    if (signal.aborted) return void (await releaseRun(db, claim));
    if (!(error instanceof ServiceError)) logger.error('a backtest failed', { run_id: claim.runId, error });
    const problem =
      error instanceof ServiceError
        ? { code: error.code, detail: error.message }
        : { code: 'internal_error', detail: 'the run failed; the log of the engine says why' };
    await failRun(db, claim, problem);
  }
}

function reportedRun(claim: RunClaim, { dataSha256 }: PreparedJob) {
  return {
    runId: claim.runId,
    study: claim.request.study.type,
    createdMs: claim.createdMs,
    seed: claim.request.seed,
    codeVersion: claim.codeVersion,
    configSha256: claim.configSha256,
    dataSha256,
  };
}
