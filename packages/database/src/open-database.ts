import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database, Db } from './database.ts';
import { typeParsers } from './type-parsers.ts';
import { urlWithPassword } from './url-with-password.ts';

const POOL_MAX = 10;
const CONNECTION_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 10_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;
/** Longer than the server's own limit: it only fires where the server cannot answer at all. */
const QUERY_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;

export interface OpenDatabase {
  /** `postgres://user[:password]@host:port/database`. */
  url: string;
  /** Takes the place of a password in the URL. */
  password?: string | undefined;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  poolMax?: number;
  /** Told when the server closes an idle connection; the pool opens another one for the next query. */
  onConnectionLost?: (error: Error) => void;
}

/**
 * Opens a pool; nothing connects before the first query. Close it with `destroy()`.
 *
 * bigint comes as number (a RangeError beyond 2^53 - 1), timestamptz as Date, numeric and date as text.
 * Connections, statements, locks and idle transactions all have a time limit.
 */
export function openDatabase(options: OpenDatabase): Db {
  const pool = new pg.Pool({
    connectionString: urlWithPassword(options),
    application_name: options.applicationName,
    max: options.poolMax ?? POOL_MAX,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
    types: typeParsers,
  });
  // Without a listener a lost connection would end the process: an idle one is told by the pool, one that is in use by
  // its client, whose query fails as well.
  pool.on('error', options.onConnectionLost ?? (() => undefined));
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}
