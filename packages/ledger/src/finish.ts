import type { Db, Trx } from '@aistock/database';
import { sql } from 'kysely';
import { ATTEMPTS_MAX, holds } from './claim.ts';
import { StaleClaim } from './errors.ts';
import type { Claim } from './ledger-file.ts';

/**
 * Marks claimed files as processed, in the transaction that writes what came of them: both commit, or neither.
 * @throws StaleClaim unless every claim still holds; the transaction must roll back.
 */
export async function finishClaims(trx: Trx, claims: readonly Claim[]): Promise<void> {
  const finished = await sql<{ file_id: string }>`
    UPDATE ledger.file SET status = 'processed', lease_until = NULL, reason = NULL
    WHERE ${holds(claims)} RETURNING file_id`.execute(trx);
  requireAll(claims, finished.rows);
}

/** Gives claims back unused; the attempt does not count. Claims that no longer hold are left alone. */
export async function releaseClaims(db: Db, claims: readonly Claim[]): Promise<void> {
  await sql`
    UPDATE ledger.file SET status = 'downloaded', lease_until = NULL, claimed_by = NULL, attempts = attempts - 1
    WHERE ${holds(claims)}`.execute(db);
}

/**
 * Gives claims back after an attempt that did not work; after {@link ATTEMPTS_MAX} of them the file is failed.
 * Claims that no longer hold are left alone.
 * @param reason - at most 1,000 characters.
 */
export async function failClaims(db: Db, claims: readonly Claim[], reason: string): Promise<void> {
  await sql`
    UPDATE ledger.file SET lease_until = NULL, reason = ${reason},
      status = CASE WHEN attempts >= ${ATTEMPTS_MAX} THEN 'failed' ELSE 'downloaded' END,
      claimed_by = CASE WHEN attempts >= ${ATTEMPTS_MAX} THEN claimed_by END
    WHERE ${holds(claims)}`.execute(db);
}

/**
 * Takes a claimed file out for good, such as one whose bytes do not fit its hash.
 * @throws StaleClaim where the claim no longer holds; nothing was changed.
 */
export async function quarantineClaim(db: Db, claim: Claim, reason: string): Promise<void> {
  const quarantined = await sql<{ file_id: string }>`
    UPDATE ledger.file SET status = 'quarantined', lease_until = NULL, reason = ${reason}
    WHERE ${holds([claim])} RETURNING file_id`.execute(db);
  requireAll([claim], quarantined.rows);
}

function requireAll(claims: readonly Claim[], done: readonly { file_id: string }[]): void {
  const ids = new Set(done.map((row) => row.file_id));
  const stale = claims.map((claim) => claim.file_id).filter((id) => !ids.has(id));
  if (stale.length > 0) throw new StaleClaim(stale);
}
