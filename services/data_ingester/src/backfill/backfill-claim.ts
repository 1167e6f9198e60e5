import type { BackfillStreamTable, Db } from '@aistock/database';
import { sql, type Selectable } from 'kysely';

/** How long a claim holds without being renewed: so long nobody goes on after a crash. */
export const LEASE_MS = 10_000;

/** One stream of a backfill, claimed by this process. */
export interface BackfillClaim {
  readonly backfillId: string;
  readonly stream: string;
  readonly epoch: number;
  /** Wanted, Unix ms UTC. */
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Where the source begins, and from where on it was asked for what is before the stream's first bar. */
  readonly fromMs: number | undefined;
  readonly askedMs: number | undefined;
}

type ClaimedRow = Selectable<BackfillStreamTable> & { since_at: Date; until_at: Date };

/** Claims streams that wait, or whose claim has run out, oldest backfill first. No two claimers get the same one. */
export async function claimStreams(
  db: Db,
  { claimer, streams, limit }: { claimer: string; streams: readonly string[]; limit: number },
): Promise<BackfillClaim[]> {
  const { rows } = await sql<ClaimedRow>`
    WITH due AS (
      SELECT line.backfill_id, line.stream FROM market.backfill_stream AS line
      JOIN market.backfill AS whole USING (backfill_id)
      WHERE line.stream = ANY (${[...streams]}::text[])
        AND (line.status = 'waiting' OR line.status = 'running' AND line.lease_until <= clock_timestamp())
      ORDER BY whole.created_at, line.stream LIMIT ${limit} FOR UPDATE OF line SKIP LOCKED
    )
    UPDATE market.backfill_stream AS line SET status = 'running', claim_epoch = line.claim_epoch + 1,
      claimed_by = ${claimer}, lease_until = ${leaseEnd()}, started_at = coalesce(line.started_at, clock_timestamp())
    FROM due JOIN market.backfill AS whole USING (backfill_id)
    WHERE line.backfill_id = due.backfill_id AND line.stream = due.stream
    RETURNING line.*, whole.since_at, whole.until_at`.execute(db);
  return rows.map((row) => ({
    backfillId: row.backfill_id,
    stream: row.stream,
    epoch: row.claim_epoch,
    sinceMs: row.since_at.getTime(),
    untilMs: row.until_at.getTime(),
    fromMs: row.from_at?.getTime(),
    askedMs: row.asked_at?.getTime(),
  }));
}

/** Each says whether the claim held; where it did not, nothing was changed, and the work is somebody else's or nobody's. */
export const renewClaim = (db: Db, claim: BackfillClaim): Promise<boolean> =>
  change(db, claim, sql`lease_until = ${leaseEnd()}`);

export const noteProgress = (
  db: Db,
  claim: BackfillClaim,
  { fromMs, askedMs }: Pick<BackfillClaim, 'fromMs' | 'askedMs'>,
): Promise<boolean> =>
  change(db, claim, sql`lease_until = ${leaseEnd()}, from_at = ${at(fromMs)}, asked_at = ${at(askedMs)}`);

/** Gives the stream back for others to go on. */
export const releaseClaim = (db: Db, claim: BackfillClaim): Promise<boolean> =>
  change(db, claim, sql`status = 'waiting', lease_until = NULL`);

export const finishClaim = (
  db: Db,
  claim: BackfillClaim,
  problem: { readonly code: string; readonly detail: string } | null,
): Promise<boolean> =>
  change(
    db,
    claim,
    sql`status = ${problem ? 'failed' : 'done'}, lease_until = NULL, finished_at = clock_timestamp(),
      problem_code = ${problem?.code ?? null}, problem_detail = ${problem?.detail.slice(0, DETAIL_CHARACTERS_MAX) ?? null}`,
  );

const DETAIL_CHARACTERS_MAX = 1_000;

async function change(
  db: Db,
  { backfillId, stream, epoch }: BackfillClaim,
  set: ReturnType<typeof sql>,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE market.backfill_stream SET ${set}
    WHERE backfill_id = ${backfillId} AND stream = ${stream} AND claim_epoch = ${epoch} AND status = 'running'`.execute(
    db,
  );
  return numAffectedRows === 1n;
}

const leaseEnd = () => sql`clock_timestamp() + ${LEASE_MS} * interval '1 millisecond'`;
const at = (ms: number | undefined): Date | null => (ms === undefined ? null : new Date(ms));
