/**
 * One claimer process of the proof: claims, works a little, and writes one result for each file in the transaction
 * that finishes it, until no file is open. It is killed and stopped at any moment.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Db, openDatabase } from '@aistock/database';
import { sql } from 'kysely';
import { claimFiles } from '../claim.ts';
import { StaleClaim } from '../errors.ts';
import { finishClaims } from '../finish.ts';
import { startHeartbeat } from '../heartbeat.ts';
import type { LedgerFileRow } from '../ledger-file.ts';

const LEASE_MS = 1_500;
const FILES_PER_CLAIM_MAX = 8;
const WORK_MS_MAX = 40;
const IDLE_MS = 100;

const [url = ''] = process.argv.slice(2);
const claimer = `claimer:${process.pid}`;
const db = openDatabase({ url, applicationName: claimer, poolMax: 2 });
while (await someFileIsOpen()) {
  const claims = await claimFiles(db, {
    claimer,
    limit: randomInt(1, FILES_PER_CLAIM_MAX + 1),
    leaseMs: LEASE_MS,
  });
  if (claims.length === 0) await delay(IDLE_MS);
  else await trainOn(db, claims);
}
await db.destroy();

async function trainOn(database: Db, claims: readonly LedgerFileRow[]): Promise<void> {
  const heartbeat = startHeartbeat(database, claims, { leaseMs: LEASE_MS });
  try {
    await delay(randomInt(WORK_MS_MAX));
    await database.transaction().execute(async (trx) => {
      const ids = claims.map((claim) => claim.file_id);
      await sql`INSERT INTO proof.result (file_id, claimer) SELECT unnest(${ids}::uuid[]), ${claimer}`.execute(
        trx,
      );
      await finishClaims(trx, claims);
    });
  } catch (error) {
    // The process was stopped for longer than its lease, and another one has the files now.
    if (!(error instanceof StaleClaim)) throw error;
    await sql`INSERT INTO proof.stale (claimer) VALUES (${claimer})`.execute(database);
  } finally {
    await heartbeat.stop();
  }
}

async function someFileIsOpen(): Promise<boolean> {
  const open =
    await sql`SELECT FROM ledger.file WHERE status IN ('downloaded', 'processing') LIMIT 1`.execute(db);
  return open.rows.length > 0;
}
