import type { Db, Trx } from '@aistock/database';
import { lock } from '../locks.ts';

const ROWS_MAX = 10_000;

/** A record's place in the raw log. */
export interface RawLogPlace {
  /** UTC, such as `2024-01-31`. */
  readonly day: string;
  readonly position: number;
}

/** A record as it lies in the database: its canonical JSON and the SHA-256 of that. */
export interface RawLogRow extends RawLogPlace {
  readonly body: string;
  readonly recordHash: string;
}

/** Records behind a place in the raw log, in order, at most 10,000; from the first where there is no place. */
export async function listRawLog(
  db: Db,
  after: RawLogPlace | undefined,
  limit = ROWS_MAX,
): Promise<RawLogRow[]> {
  return db
    .selectFrom('ledger.raw_log')
    .select(['day', 'position', 'body', 'record_hash as recordHash'])
    .$if(after !== undefined, (query) =>
      query.where((eb) =>
        eb(eb.refTuple('day', 'position'), '>', eb.tuple(after?.day ?? '', after?.position ?? 0)),
      ),
    )
    .orderBy('day')
    .orderBy('position')
    .limit(Math.min(limit, ROWS_MAX))
    .execute();
}

/** Which of these hashes are of answers that the raw log names. */
export async function findNamedResponses(db: Db, hashes: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('ledger.raw_log')
    .select('response_sha256')
    .distinct()
    .where('response_sha256', 'in', hashes)
    .execute();
  return new Set(rows.flatMap(({ response_sha256: sha256 }) => sha256 ?? []));
}

/** Waits for everyone else who copies the raw log into the lake; held until the transaction ends. */
export async function holdRawLogExport(trx: Trx): Promise<void> {
  await lock(trx, 'log', 'export');
}

/** How far the raw log has been copied into the lake; undefined before the first time. */
export async function findRawLogExport(db: Db): Promise<RawLogPlace | undefined> {
  return db.selectFrom('ledger.raw_log_export').select(['day', 'position']).executeTakeFirst();
}

/** Notes how far it has been copied, once the copies are on disk. */
export async function noteRawLogExport(db: Db, { day, position }: RawLogPlace, at: Date): Promise<void> {
  await db
    .insertInto('ledger.raw_log_export')
    .values({ day, position, exported_at: at })
    .onConflict((conflict) => conflict.column('only_row').doUpdateSet({ day, position, exported_at: at }))
    .execute();
}
