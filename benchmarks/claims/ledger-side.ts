import { openDatabase } from '@aistock/database';
import { migrate } from '@aistock/database/migrate';
import { claimFiles, finishClaims, StaleClaim } from '@aistock/ledger';
import { sql } from 'kysely';
import { BATCH_CLAIMERS, BATCH_ITEMS, SINGLE_CLAIMERS, type Side, takeAll } from './side.ts';

/** The ledger: rows stay, every step goes into the history, a finish is a transaction that checks the claim. */
export async function openLedgerSide(url: string): Promise<Side> {
  await migrate({ adminUrl: url });
  const db = openDatabase({ url, applicationName: 'bench_ledger', poolMax: SINGLE_CLAIMERS });
  let loaded = 0;
  const load = async (items: number) => {
    await sql`
      INSERT INTO ledger.file (stream, sha256, path, rows, bytes, first_open_at, last_open_at)
      SELECT 'csv:BENCH:1m', encode(sha256(n::text::bytea), 'hex'), 'raw/' || n, 1, 1,
        to_timestamp(n * 60), to_timestamp(n * 60)
      FROM generate_series(${loaded + 1}::integer, ${loaded + items}::integer) AS n`.execute(db);
    loaded += items;
    await sql`VACUUM ANALYZE ledger.file, ledger.transition`.execute(db);
  };
  const take = async (limit: number) => {
    const claims = await claimFiles(db, { claimer: 'bench', limit });
    if (claims.length > 0) await db.transaction().execute((trx) => finishClaims(trx, claims));
    return claims.length;
  };
  return {
    load,
    takeOneByOne: (items) => takeAll(SINGLE_CLAIMERS, items, () => take(1)),
    takeInBatches: (items) => takeAll(BATCH_CLAIMERS, items, () => take(BATCH_ITEMS)),
    acceptsStale: async () => {
      await load(1);
      const [a] = await claimFiles(db, { claimer: 'a', limit: 1, leaseMs: 50 });
      await sql`SELECT pg_sleep(0.06)`.execute(db);
      const [b] = await claimFiles(db, { claimer: 'b', limit: 1 });
      if (a === undefined || b?.file_id !== a.file_id) throw new Error('b did not get the file of a');
      return db
        .transaction()
        .execute((trx) => finishClaims(trx, [a]))
        .then(
          () => true,
          (error: unknown) => {
            if (error instanceof StaleClaim) return false;
            throw error;
          },
        );
    },
    close: () => db.destroy(),
  };
}
