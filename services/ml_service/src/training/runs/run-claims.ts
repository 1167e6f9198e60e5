import type { Db, TrainingPhase, TrainingStatus } from '@aistock/database';
import type { RunRow } from './run-store.ts';
import { sql } from 'kysely';
import type { TrainingTerms } from './training-terms.ts';

/** How long a claim holds without being renewed: so long nobody goes on after a crash. */
export const LEASE_MS = 15_000;
/** A run that ended its process so often is abandoned. */
const ATTEMPTS_MAX = 3;
const SPENT_DETAIL = `the process that trained ended in each of ${ATTEMPTS_MAX} attempts; its files are free to be claimed again`;
const UNIQUE_VIOLATION = '23505';

/** A run that this process works on. */
export interface RunClaim {
  readonly runId: string;
  readonly epoch: number;
  readonly stream: string;
  readonly exactlyOnce: boolean;
  readonly seed: number;
  readonly terms: TrainingTerms;
}

/** How far a run is. */
export interface RunProgress {
  readonly phase: TrainingPhase;
  /** Done of the phase, from 0 to 1. */
  readonly share: number;
  readonly message: string;
}

/** The name under which a claim of a run holds its files in the ledger. */
export function fileClaimer(runId: string, epoch: number): string {
  return `ml_service:${runId}:${epoch}`;
}

const leaseEnd = () => sql`clock_timestamp() + ${LEASE_MS} * interval '1 millisecond'`;

/**
 * Claims the run that waits longest, or whose claim has run out; one of a stream at a time. No two claimers get the same
 * one. A run whose claim ran out {@link ATTEMPTS_MAX} times is abandoned instead.
 * @returns undefined where there is nothing to do.
 */
export async function claimRun(
  db: Db,
  claimer: string,
): Promise<{ readonly claim: RunClaim; readonly abandoned: boolean } | undefined> {
  try {
    const { rows } = await sql<RunRow>`
      WITH due AS (
        SELECT run_id, status = 'running' AND attempts >= ${ATTEMPTS_MAX} AS spent FROM ml.run
        WHERE status = 'running' AND lease_until <= clock_timestamp()
          OR status = 'queued' AND NOT EXISTS (
            SELECT FROM ml.run AS other WHERE other.stream = run.stream AND other.status = 'running')
        ORDER BY created_at, run_id LIMIT 1 FOR UPDATE SKIP LOCKED
      )
      UPDATE ml.run AS run SET
        status = CASE WHEN spent THEN 'abandoned' ELSE 'running' END,
        claim_epoch = run.claim_epoch + CASE WHEN spent THEN 0 ELSE 1 END,
        attempts = run.attempts + CASE WHEN spent THEN 0 ELSE 1 END,
        claimed_by = CASE WHEN spent THEN run.claimed_by ELSE ${claimer} END,
        lease_until = CASE WHEN NOT spent THEN ${leaseEnd()} END,
        started_at = coalesce(run.started_at, clock_timestamp()),
        files = CASE WHEN spent THEN run.files ELSE 0 END,
        phase = CASE WHEN spent THEN run.phase ELSE 'claiming' END,
        progress = CASE WHEN spent THEN run.progress ELSE 0 END,
        message = CASE WHEN spent THEN run.message ELSE '' END,
        problem_code = CASE WHEN spent THEN 'abandoned' END,
        problem_detail = CASE WHEN spent THEN ${SPENT_DETAIL} END,
        finished_at = CASE WHEN spent THEN clock_timestamp() END
      FROM due WHERE run.run_id = due.run_id RETURNING run.*`.execute(db);
    const [row] = rows;
    return row && { claim: claimOf(row), abandoned: row.status === 'abandoned' };
  } catch (error) {
    // Two claimers chose two runs of one stream at the same moment, and the other one was first.
    if (error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION) return undefined;
    throw error;
  }
}

function claimOf(row: RunRow): RunClaim {
  return {
    runId: row.run_id,
    epoch: row.claim_epoch,
    stream: row.stream,
    exactlyOnce: row.exactly_once,
    seed: row.seed,
    terms: row.request as unknown as TrainingTerms,
  };
}

/** Each says whether the claim held; where it did not, nothing was changed, and the run is another's, cancelled or over. */
export const renewRun = (db: Db, claim: RunClaim, { phase, share, message }: RunProgress): Promise<boolean> =>
  change(
    db,
    claim,
    sql`lease_until = ${leaseEnd()}, phase = ${phase}, progress = ${share}, message = ${message}`,
  );

export const noteFiles = (db: Db, claim: RunClaim, files: number): Promise<boolean> =>
  change(db, claim, sql`files = ${files}`);

/** Gives the run back for others to begin anew; the attempt does not count. */
export const releaseRun = (db: Db, claim: RunClaim): Promise<boolean> =>
  change(
    db,
    claim,
    sql`status = 'queued', lease_until = NULL, claimed_by = NULL, attempts = attempts - 1, files = 0,
      phase = 'waiting', progress = 0, message = ''`,
  );

export interface RunProblem {
  readonly code: string;
  readonly detail: string;
}

const DETAIL_LENGTH_MAX = 1_000;

export const failRun = (db: Db, claim: RunClaim, { code, detail }: RunProblem): Promise<boolean> =>
  change(
    db,
    claim,
    sql`status = 'failed', lease_until = NULL, finished_at = clock_timestamp(),
      problem_code = ${code}, problem_detail = ${detail.slice(0, DETAIL_LENGTH_MAX)}`,
  );

export interface RunEnd {
  readonly status: Extract<TrainingStatus, 'trained' | 'nothing_to_train'>;
  readonly bars: number;
  readonly promoted: boolean;
  readonly championId: string | null;
}

/** Ends a run that worked. False where the claim no longer holds; the transaction must roll back. */
export const finishRun = (
  db: Db,
  claim: RunClaim,
  { status, bars, promoted, championId }: RunEnd,
): Promise<boolean> =>
  change(
    db,
    claim,
    sql`status = ${status}, lease_until = NULL, finished_at = clock_timestamp(), progress = 1, bars = ${bars},
      promoted = ${promoted}, champion_id = ${championId}`,
  );

async function change(db: Db, { runId, epoch }: RunClaim, set: ReturnType<typeof sql>): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE ml.run SET ${set}
    WHERE run_id = ${runId} AND claim_epoch = ${epoch} AND status = 'running' AND lease_until > clock_timestamp()`.execute(
    db,
  );
  return numAffectedRows === 1n;
}
