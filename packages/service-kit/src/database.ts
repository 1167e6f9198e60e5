import { randomUUID } from 'node:crypto';
import { openDatabase, type Db, type Trx } from '@aistock/database';
import { canonicalJson, type AuditEvent } from '@aistock/shared';
import { sql } from 'kysely';
import type { BaseConfig } from './env.ts';
import type { Check } from './health.ts';

/** Opens the service's pool, under the name of its database role. Nothing connects before the first query. */
export function openServiceDatabase(config: BaseConfig): Db {
  return openDatabase({
    url: config.DATABASE_URL,
    password: config.DATABASE_PASSWORD?.reveal(),
    applicationName: decodeURIComponent(new URL(config.DATABASE_URL).username) || 'aistock',
    poolMax: config.DATABASE_POOL_MAX,
  });
}

/** Whether Postgres answers; without it the service is unhealthy. */
export function databaseCheck(db: Db): Check {
  return {
    name: 'database',
    required: true,
    run: async () => {
      await sql`SELECT 1`.execute(db);
    },
  };
}

/**
 * Puts an event on the record, in the transaction of the thing that it tells: both happen or neither.
 * Answers the id of the event.
 */
export async function emitEvent(trx: Trx, { kind, subject, payload }: AuditEvent): Promise<string> {
  const eventId = randomUUID();
  await sql`SELECT audit.emit(${eventId}, ${kind}, ${subject}, ${canonicalJson(payload)})`.execute(trx);
  return eventId;
}
