import { ServiceError, startLeaseHeartbeat } from '@aistock/service-kit';
import { decideGiveUp, giveFilesBack } from '../give-up.ts';
import type { TrainingContext } from '../training-context.ts';
import {
  claimRun,
  failRun,
  LEASE_MS,
  releaseRun,
  renewRun,
  type RunClaim,
  type RunProgress,
} from './run-claims.ts';
import { trainRun, type Running } from './train-run.ts';

/** How soon a run that was cancelled at another replica ends here, and how often its progress is told. */
const RENEW_EVERY_MS = 1_000;
const TRAINING_MS_MAX = 600_000;
/** A share is told in steps of a hundredth. */
const SHARE_STEPS = 100;
const MESSAGE_LENGTH_MAX = 200;

export interface RunWorkerOptions extends TrainingContext {
  readonly claimer: string;
  readonly stopping: AbortSignal;
  /** A run of a stream is over; how long it took. */
  readonly ended: (stream: string, seconds: number) => void;
}

/** Works on runs, one at a step, also on those that a crash or a restart interrupted. */
export class RunWorker {
  readonly #options: RunWorkerOptions;
  readonly #cancels = new Map<string, AbortController>();

  constructor(options: RunWorkerOptions) {
    this.#options = options;
  }

  /** Ends the work on a run that was cancelled, where it is here. */
  cancelled(runId: string): void {
    this.#cancels.get(runId)?.abort(new Error('the run was cancelled'));
  }

  /** Works on the run that waits longest. @returns whether there was one. */
  async step(): Promise<boolean> {
    const { db, logger, claimer, ended } = this.#options;
    const found = await claimRun(db, claimer);
    if (!found) return false;
    const { claim, abandoned } = found;
    if (abandoned) {
      logger.error('a training run was abandoned', { run_id: claim.runId, stream: claim.stream });
      return true;
    }
    const startMs = performance.now();
    await this.#work(claim);
    ended(claim.stream, (performance.now() - startMs) / 1_000);
    return true;
  }

  async #work(claim: RunClaim): Promise<void> {
    const { db, logger, stopping } = this.#options;
    const cancel = new AbortController();
    this.#cancels.set(claim.runId, cancel);
    let progress: RunProgress = { phase: 'claiming', share: 0, message: '' };
    const heartbeat = startLeaseHeartbeat(() => renewRun(db, claim, progress), {
      leaseMs: LEASE_MS,
      everyMs: RENEW_EVERY_MS,
      stopping,
      logger,
    });
    const late = AbortSignal.timeout(TRAINING_MS_MAX);
    const lost = AbortSignal.any([heartbeat.signal, cancel.signal]);
    const running: Running = {
      claim,
      signal: AbortSignal.any([lost, late]),
      files: [],
      told: ({ phase, share, message }) =>
        (progress = {
          phase,
          share: Math.round(share * SHARE_STEPS) / SHARE_STEPS,
          message: message.slice(0, MESSAGE_LENGTH_MAX),
        }),
    };
    try {
      await trainRun(this.#options, running, () => heartbeat[Symbol.dispose]());
    } catch (error) {
      heartbeat[Symbol.dispose]();
      const why = late.aborted ? tooLate() : running.signal.aborted ? running.signal.reason : error;
      await this.#giveUp(running, why, lost.aborted);
    } finally {
      heartbeat[Symbol.dispose]();
      this.#cancels.delete(claim.runId);
    }
  }

  /** @param lost whether the claim of the run is no longer ours to end: it was cancelled, taken over, or we stop. */
  async #giveUp({ claim, files }: Running, error: unknown, lost: boolean): Promise<void> {
    const { db, logger, stopping } = this.#options;
    const about = { run_id: claim.runId, stream: claim.stream };
    if (lost) {
      logger.warn('a training run was left', { ...about, reason: String(error) });
      await giveFilesBack(db, files, { error, giveUp: { code: 'left', detail: '', claims: 'release' } });
      // Others begin it anew; one that was cancelled or taken over is not ours to give.
      if (stopping.aborted) await releaseRun(db, claim);
      return;
    }
    const giveUp = decideGiveUp(error);
    const level = giveUp.code === 'internal_error' ? 'error' : 'warn';
    logger[level]('a training run failed', { ...about, code: giveUp.code, error });
    await giveFilesBack(db, files, { error, giveUp });
    await failRun(db, claim, giveUp);
  }
}

function tooLate(): ServiceError {
  return new ServiceError('training_too_long', 503, `the training was not over after ${TRAINING_MS_MAX} ms`);
}
