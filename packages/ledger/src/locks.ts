import type { Trx } from '@aistock/database';
import { sql } from 'kysely';

/** What {@link lock} guards: registrations of a stream, the bytes below a path of the lake, or the head of a log. */
type Guarded = 'stream' | 'path' | 'log';

/** Waits for everyone else who works on the same stream or path; held until the transaction ends. */
export async function lock(trx: Trx, guarded: Guarded, name: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`ledger.${guarded}:${name}`}, 0))`.execute(trx);
}
