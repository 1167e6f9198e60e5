import type { Db, ShadowDayRow, Trx } from '@aistock/database';
import { emitEvent } from '@aistock/service-kit';
import type { AuditEvent, ShadowResult, ShadowSummary } from '@aistock/shared';
import { sql } from 'kysely';
import { LEASE_MS } from '../../backtests/store/run-claims.ts';
import type { ShadowOutcome } from '../compare/compare-shadow.ts';

const DETAIL_CHARACTERS_MAX = 1_000;

type Judged = Extract<ShadowOutcome, { verdict: string }>;

/** A day that this process works on; whoever holds an earlier epoch changes nothing. */
export interface ShadowClaim {
  readonly shadowId: string;
  readonly epoch: number;
  readonly sessionId: string;
  readonly day: string;
  /** With this one. */
  readonly attempts: number;
  /** Null until it is judged. */
  readonly result: ShadowResult | null;
}

const leaseEnd = () => sql`clock_timestamp() + ${LEASE_MS} * interval '1 millisecond'`;

/** Claims the oldest day that is due, or whose claim has run out. No two claimers get the same one. */
export async function claimDay(db: Db, claimer: string): Promise<ShadowClaim | undefined> {
  const { rows } = await sql<ShadowDayRow>`
    WITH due AS (
      SELECT shadow_id FROM engine.shadow_day
      WHERE status IN ('waiting', 'judged') AND next_at <= clock_timestamp()
        AND (lease_until IS NULL OR lease_until <= clock_timestamp())
      ORDER BY day, created_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    UPDATE engine.shadow_day AS shadow SET claim_epoch = shadow.claim_epoch + 1, attempts = shadow.attempts + 1,
      claimed_by = ${claimer}, lease_until = ${leaseEnd()}
    FROM due WHERE shadow.shadow_id = due.shadow_id RETURNING shadow.*`.execute(db);
  const [row] = rows;
  return (
    row && {
      shadowId: row.shadow_id,
      epoch: row.claim_epoch,
      sessionId: row.session_id,
      day: row.day,
      attempts: row.attempts,
      result: row.result as ShadowResult | null,
    }
  );
}

/** Each says whether the claim held; where it did not, nothing was changed. */
export const renewDay = (db: Db, claim: ShadowClaim): Promise<boolean> =>
  change(db, claim, sql`lease_until = ${leaseEnd()}`);

/** Gives the day back, to be tried again after a pause. */
export const postponeDay = (
  db: Db,
  claim: ShadowClaim,
  { pauseMs, problem }: { readonly pauseMs: number; readonly problem: Problem | null },
): Promise<boolean> =>
  change(
    db,
    claim,
    sql`claimed_by = NULL, lease_until = NULL, next_at = clock_timestamp() + ${pauseMs} * interval '1 millisecond',
      ${problemSet(problem)}`,
  );

interface Problem {
  readonly code: string;
  readonly detail: string;
}

const problemSet = (problem: Problem | null) =>
  sql`problem_code = ${problem?.code ?? null}, problem_detail = ${problem?.detail.slice(0, DETAIL_CHARACTERS_MAX) ?? null}`;

const OVER = sql`claimed_by = NULL, lease_until = NULL, finished_at = clock_timestamp()`;

/** Writes the verdict down with its event; a day whose strategies are to be set to reduce-only is not done by that. */
export function judgeDay(db: Db, claim: ShadowClaim, { verdict, result }: Judged): Promise<void> {
  const judged = sql`verdict = ${verdict}, result = ${JSON.stringify(result)}::jsonb, ${problemSet(null)}`;
  const { strategies, difference, difference_bps, parts } = result;
  const { compared, differing, unexplained } = result.decisions;
  return withEvent(db, claim, {
    set:
      verdict === 'reduce'
        ? sql`status = 'judged', attempts = 0, ${judged}`
        : sql`status = 'done', ${OVER}, ${judged}`,
    kind: verdict === 'same' ? 'shadow.agreed' : 'shadow.differed',
    payload: {
      verdict,
      strategies,
      difference,
      difference_bps,
      parts,
      decisions: { compared, differing, unexplained },
    },
  });
}

/** Ends a day whose strategies are set to reduce-only. */
export function endDay(db: Db, claim: ShadowClaim, kills: ShadowSummary['kills']): Promise<void> {
  return withEvent(db, claim, {
    set: sql`status = 'done', kills = ${JSON.stringify(kills)}::jsonb, ${OVER}, ${problemSet(null)}`,
    kind: 'shadow.reduced',
    payload: { kills },
  });
}

/** Ends a day that cannot be compared. */
export function failDay(db: Db, claim: ShadowClaim, problem: Problem): Promise<void> {
  return withEvent(db, claim, {
    set: sql`status = 'failed', ${OVER}, ${problemSet(problem)}`,
    kind: 'shadow.failed',
    payload: { ...problem },
  });
}

/** @throws Error where the claim no longer holds; nothing was changed then. */
async function withEvent(
  db: Db,
  claim: ShadowClaim,
  told: {
    readonly set: ReturnType<typeof sql>;
    readonly kind: AuditEvent['kind'];
    readonly payload: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  await db.transaction().execute(async (trx: Trx) => {
    if (!(await change(trx, claim, told.set))) throw new Error('the claim no longer holds');
    const { sessionId: session_id, day } = claim;
    const payload = { session_id, day, ...told.payload };
    await emitEvent(trx, { kind: told.kind, subject: claim.shadowId, payload });
  });
}

async function change(
  db: Db,
  { shadowId, epoch }: ShadowClaim,
  set: ReturnType<typeof sql>,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE engine.shadow_day SET ${set}
    WHERE shadow_id = ${shadowId} AND claim_epoch = ${epoch} AND lease_until > clock_timestamp()`.execute(db);
  return numAffectedRows === 1n;
}
