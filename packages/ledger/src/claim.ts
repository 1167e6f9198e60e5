import type { Db } from '@aistock/database';
import { sql } from 'kysely';
import type { Claim, LedgerFileRow } from './ledger-file.ts';

/** How long a claim holds without being renewed. The database refuses more than ten minutes. */
export const LEASE_MS = 30_000;
/** A file whose claims were lost or given up so often is failed; a person has to look at it. */
export const ATTEMPTS_MAX = 5;
const SPENT_REASON = `the lease ran out in each of ${ATTEMPTS_MAX} attempts`;

/** Who claims, and how much. */
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
  const claimed: LedgerFileRow[] = [];
  for (let missing = options.limit; missing > 0; missing = options.limit - claimed.length) {
    const taken = await takeOpenFiles(db, { ...options, limit: missing });
    claimed.push(...taken.filter((row) => row.status === 'processing'));
    // Those that were made failed leave room for others; where none was, there is nothing more to claim.
    if (taken.every((row) => row.status === 'processing')) break;
  }
  return claimed.toSorted(byStreamAndTime);
}

async function takeOpenFiles(db: Db, options: ClaimFiles): Promise<LedgerFileRow[]> {
  const { claimer, stream, limit, leaseMs = LEASE_MS } = options;
  const ofStream = stream === undefined ? sql`` : sql`AND stream = ${stream}`;
  const taken = await sql<LedgerFileRow>`
    WITH due AS (
      SELECT file_id, attempts >= ${ATTEMPTS_MAX} AS spent FROM ledger.file
      WHERE is_open AND revision = 0 ${ofStream} AND (status = 'downloaded' OR lease_until <= clock_timestamp())
      ORDER BY stream, first_open_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    UPDATE ledger.file SET
      status = CASE WHEN spent THEN 'failed' ELSE 'processing' END,
      claim_epoch = claim_epoch + CASE WHEN spent THEN 0 ELSE 1 END,
      attempts = attempts + CASE WHEN spent THEN 0 ELSE 1 END,
      claimed_by = CASE WHEN spent THEN claimed_by ELSE ${claimer} END,
      lease_until = CASE WHEN NOT spent THEN ${leaseEnd(leaseMs)} END,
      reason = CASE WHEN spent THEN ${SPENT_REASON} ELSE reason END
    FROM due WHERE file.file_id = due.file_id
    RETURNING file.*`.execute(db);
  return taken.rows;
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
