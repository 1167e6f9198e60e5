import type { Db, RunRow, Trx } from '@aistock/database';
import { canonicalJson } from '@aistock/shared';
import { sql } from 'kysely';
import type { Conclusion } from '../job/conclude-run.ts';
import type { FullRequest } from '../job/run-job.ts';

/** How long a claim holds without being renewed: so long nobody goes on after a crash. */
export const LEASE_MS = 15_000;

/** A run that this process works on. */
export interface RunClaim {
  readonly runId: string;
  readonly epoch: number;
  readonly request: FullRequest;
  readonly configSha256: string;
  readonly codeVersion: string;
  readonly createdMs: number;
}

const leaseEnd = () => sql`clock_timestamp() + ${LEASE_MS} * interval '1 millisecond'`;

/**
 * Claims the run that waits longest, or whose claim has run out. No two claimers get the same one. A run that nobody has begun
 * is of the code that begins it.
 */
export async function claimRun(
  db: Db,
  { claimer, codeVersion }: { readonly claimer: string; readonly codeVersion: string },
): Promise<RunClaim | undefined> {
  const { rows } = await sql<RunRow>`
    WITH due AS (
      SELECT run_id FROM engine.run
      WHERE status = 'queued' OR status = 'running' AND lease_until <= clock_timestamp()
      ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    UPDATE engine.run AS run SET status = 'running', claim_epoch = run.claim_epoch + 1, claimed_by = ${claimer},
      lease_until = ${leaseEnd()}, code_version = CASE run.status WHEN 'queued' THEN ${codeVersion} ELSE run.code_version END,
      started_at = coalesce(run.started_at, clock_timestamp())
    FROM due WHERE run.run_id = due.run_id RETURNING run.*`.execute(db);
  const [row] = rows;
  return (
    row && {
      runId: row.run_id,
      epoch: row.claim_epoch,
      request: row.request as unknown as FullRequest,
      configSha256: row.config_sha256,
      codeVersion: row.code_version,
      createdMs: row.created_at.getTime(),
    }
  );
}

/** Each says whether the claim held; where it did not, nothing was changed, and the run is somebody else's or cancelled. */
export const renewRun = (db: Db, claim: RunClaim, progress: number): Promise<boolean> =>
  change(db, claim, sql`lease_until = ${leaseEnd()}, progress = ${progress}`);

export const noteData = (
  db: Db,
  claim: RunClaim,
  dataSha256: Readonly<Record<string, string>>,
): Promise<boolean> => change(db, claim, sql`data_sha256 = ${canonicalJson(dataSha256)}::jsonb`);

/** Gives the run back for others to go on where this process stopped. */
export const releaseRun = (db: Db, claim: RunClaim): Promise<boolean> =>
  change(db, claim, sql`lease_until = clock_timestamp()`);

const DETAIL_CHARACTERS_MAX = 1_000;

export const failRun = (
  db: Db,
  claim: RunClaim,
  problem: { readonly code: string; readonly detail: string },
): Promise<boolean> =>
  change(
    db,
    claim,
    sql`status = 'failed', lease_until = NULL, finished_at = clock_timestamp(),
      problem_code = ${problem.code}, problem_detail = ${problem.detail.slice(0, DETAIL_CHARACTERS_MAX)}`,
  );

/**
 * Writes the result with everything that it leaves, in the transaction that also counts its trials: both commit, or neither.
 * False where the claim no longer holds; the transaction must roll back.
 */
export async function finishRun(trx: Trx, claim: RunClaim, conclusion: Conclusion): Promise<boolean> {
  const held = await change(
    trx,
    claim,
    sql`status = 'done', lease_until = NULL, finished_at = clock_timestamp(), progress = 1,
      result = ${JSON.stringify(conclusion.outcome)}::jsonb`,
  );
  if (!held) return false;
  const { report, trades, log } = conclusion;
  const artefacts = [
    { name: 'report' as const, part: 0, body: Buffer.from(report) },
    { name: 'trades' as const, part: 0, body: Buffer.from(trades) },
    ...log.map((body, part) => ({ name: 'log' as const, part, body: Buffer.from(body) })),
  ];
  await trx
    .insertInto('engine.run_artefact')
    .values(artefacts.map((artefact) => ({ run_id: claim.runId, ...artefact })))
    .execute();
  return true;
}

async function change(db: Db, { runId, epoch }: RunClaim, set: ReturnType<typeof sql>): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE engine.run SET ${set}
    WHERE run_id = ${runId} AND claim_epoch = ${epoch} AND status = 'running' AND lease_until > clock_timestamp()`.execute(
    db,
  );
  return numAffectedRows === 1n;
}
