import type { Db } from '@aistock/database';
import { sql } from 'kysely';
import type { Claim, LedgerFileRow } from './ledger-file.ts';

/** How long a claim holds without being renewed. The database refuses more than ten minutes. */
export const LEASE_MS = 30_000;
/** A file whose claims were lost or given up so often is failed; a person has to look at it. */
export const ATTEMPTS_MAX = 5;
/** Failed in one claim at most, so that a claim stays short. */
const FAILED_PER_CLAIM_MAX = 100;

export interface ClaimFiles {
  /** Unique to the process and its start, such as `ml_service@host:4711:9f3a`. */
  claimer: string;
  /** Only files of this stream. */
  stream?: string;
  /** At most so many files. */
  limit: number;
  leaseMs?: number;
}

/**
 * Claims files that wait, or whose claim has run out, in order of stream and time. No two claimers get the same file,
 * and none waits for another. A file whose claim ran out {@link ATTEMPTS_MAX} times is made failed instead.
 * Restated bars are never claimed: their time was counted when it was first registered.
 */
export async function claimFiles(db: Db, options: ClaimFiles): Promise<LedgerFileRow[]> {
  const { claimer, stream, limit, leaseMs = LEASE_MS } = options;
  const ofStream = stream === undefined ? sql`` : sql`AND stream = ${stream}`;
  const open = sql`revision = 0 AND status IN ('downloaded', 'processing') ${ofStream}
    AND (status = 'downloaded' OR lease_until <= clock_timestamp())`;
  const claimed = await sql<LedgerFileRow>`
    WITH spent AS (
      SELECT file_id FROM ledger.file WHERE ${open} AND status = 'processing' AND attempts >= ${ATTEMPTS_MAX}
      LIMIT ${FAILED_PER_CLAIM_MAX} FOR UPDATE SKIP LOCKED
    ), failed AS (
      UPDATE ledger.file SET status = 'failed', lease_until = NULL,
        reason = ${`the lease ran out in each of ${ATTEMPTS_MAX} attempts`}
      FROM spent WHERE file.file_id = spent.file_id
    ), due AS (
      SELECT file_id FROM ledger.file WHERE ${open} AND attempts < ${ATTEMPTS_MAX}
      ORDER BY stream, first_open_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    UPDATE ledger.file SET status = 'processing', claim_epoch = claim_epoch + 1, attempts = attempts + 1,
      claimed_by = ${claimer}, lease_until = ${leaseEnd(leaseMs)}
    FROM due WHERE file.file_id = due.file_id
    RETURNING file.*`.execute(db);
  return claimed.rows.toSorted(byStreamAndTime);
}

function byStreamAndTime(a: LedgerFileRow, b: LedgerFileRow): number {
  if (a.stream !== b.stream) return a.stream < b.stream ? -1 : 1;
  return (a.first_open_at?.getTime() ?? 0) - (b.first_open_at?.getTime() ?? 0);
}

/**
 * Renews claims that still hold. @returns the ids of the files whose claim was renewed; the others are lost.
 */
export async function renewClaims(
  db: Db,
  claims: readonly Claim[],
  leaseMs: number = LEASE_MS,
): Promise<Set<string>> {
  const renewed = await sql<{ file_id: string }>`
    UPDATE ledger.file SET lease_until = ${leaseEnd(leaseMs)}
    WHERE ${holds(claims)} RETURNING file_id`.execute(db);
  return new Set(renewed.rows.map((row) => row.file_id));
}

const leaseEnd = (leaseMs: number) => sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`;

/**
 * True for rows whose claim is one of these and still runs. A claim ends with its lease even where nobody else has
 * claimed the file since: whoever may finish is then known from the row alone.
 */
export function holds(claims: readonly Claim[]) {
  const ids = claims.map((claim) => claim.file_id);
  const epochs = claims.map((claim) => claim.claim_epoch);
  return sql<boolean>`(file_id, claim_epoch) IN (SELECT * FROM unnest(${ids}::uuid[], ${epochs}::bigint[]))
    AND status = 'processing' AND lease_until > clock_timestamp()`;
}
