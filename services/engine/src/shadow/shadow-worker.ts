import type { Db } from '@aistock/database';
import { ServiceError, startLeaseHeartbeat, type Clock, type Logger } from '@aistock/service-kit';
import { CallError } from '@aistock/shared';
import type { ShadowThresholds } from '@aistock/trading/shadow';
import { LEASE_MS } from '../backtests/store/run-claims.ts';
import type { WorkerPool } from '../backtests/worker-pool.ts';
import type { Neighbours } from '../neighbours.ts';
import { gatherDay } from './compare/gather-day.ts';
import { reduceStrategies } from './reduce-strategies.ts';
import {
  claimDay,
  endDay,
  failDay,
  judgeDay,
  postponeDay,
  renewDay,
  type ShadowClaim,
} from './store/shadow-claims.ts';
import type { ShadowMetrics } from './shadow-metrics.ts';

/** How often a day is tried before a person has to look at it; a kill that is due is tried for ever. */
const ATTEMPTS_MAX = 8;
const PAUSE_MS_MIN = 1_000;
const PAUSE_MS_MAX = 600_000;

export interface ShadowDeps {
  readonly db: Db;
  readonly neighbours: Neighbours;
  readonly clock: Clock;
  readonly thresholds: ShadowThresholds;
  readonly pool: WorkerPool;
  readonly logger: Logger;
  readonly metrics: ShadowMetrics;
  readonly claimer: string;
  readonly stopping: AbortSignal;
}

/** Compares and judges days, one at a step, also those that a crash or a restart interrupted. */
export class ShadowWorker {
  readonly #deps: ShadowDeps;

  constructor(deps: ShadowDeps) {
    this.#deps = deps;
  }

  /** Works on the day that waits longest. @returns whether there was one. */
  async step(): Promise<boolean> {
    const { db, claimer, logger, stopping } = this.#deps;
    const claim = await claimDay(db, claimer);
    if (!claim) return false;
    using heartbeat = startLeaseHeartbeat(() => renewDay(db, claim), { leaseMs: LEASE_MS, stopping, logger });
    try {
      const result = claim.result ?? (await this.#judge(claim, heartbeat.signal));
      if (result.strategies.some(({ verdict }) => verdict === 'reduce'))
        await endDay(db, claim, await reduceStrategies(this.#deps, claim, result));
    } catch (error) {
      await this.#giveUp(claim, error, heartbeat.signal);
    }
    return true;
  }

  /** @throws ServiceError for a day that cannot be judged. */
  async #judge(claim: ShadowClaim, signal: AbortSignal) {
    const { db, pool, logger, metrics } = this.#deps;
    const job = await gatherDay(this.#deps, claim);
    const outcome = await pool.run('shadow', job, signal);
    if ('problem' in outcome) throw new ServiceError(outcome.problem.code, 409, outcome.problem.detail);
    await judgeDay(db, claim, outcome);
    metrics.judged(outcome.verdict, outcome.result.strategies);
    if (outcome.verdict !== 'same')
      logger.error('a day differs from its backtest', {
        shadow_id: claim.shadowId,
        session_id: claim.sessionId,
        day: claim.day,
        verdict: outcome.verdict,
        parts: outcome.result.parts,
      });
    return outcome.result;
  }

  async #giveUp(claim: ShadowClaim, error: unknown, signal: AbortSignal): Promise<void> {
    const { db, logger, metrics } = this.#deps;
    // Stopped: others go on. Lost: nothing is changed by it.
    if (signal.aborted) return void (await postponeDay(db, claim, { pauseMs: 0, problem: null }));
    const problem = problemOf(error);
    logger.error('a day could not be run again', { shadow_id: claim.shadowId, problem, error });
    // What a service says of the day itself is the same tomorrow; whether a neighbour answers is not.
    const isFinal = error instanceof ServiceError || claim.attempts >= ATTEMPTS_MAX;
    if (isFinal && claim.result === null) {
      metrics.failed(problem.code);
      await failDay(db, claim, problem);
      return;
    }
    const pauseMs = Math.min(PAUSE_MS_MIN * 2 ** Math.min(claim.attempts, 20), PAUSE_MS_MAX);
    await postponeDay(db, claim, { pauseMs, problem });
  }
}

function problemOf(error: unknown): { code: string; detail: string } {
  if (error instanceof ServiceError) return { code: error.code, detail: error.message };
  if (error instanceof CallError) return { code: 'neighbour_failed', detail: error.message };
  return { code: 'internal_error', detail: 'the day could not be compared; the log of the engine says why' };
}
