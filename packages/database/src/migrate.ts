import { randomBytes } from 'node:crypto';
import type { ServiceName } from '@aistock/shared';
import pg from 'pg';
import { readMigrations } from './migration-files.ts';
import { type Migration, MigrationError, pendingMigrations } from './migration-plan.ts';
import { scramVerifier } from './scram.ts';

export { migrationsHash, readMigrations } from './migration-files.ts';

/** 'aist' in ASCII: one migration at a time in a database. */
const MIGRATION_LOCK = 0x61697374;
const LOCK_TIMEOUT_MS = 60_000;
const CONNECTION_TIMEOUT_MS = 5_000;
const SALT_BYTES = 16;

const MIGRATION_TABLE = `
  CREATE TABLE IF NOT EXISTS public.migration (
    name text PRIMARY KEY,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    applied_at timestamptz NOT NULL DEFAULT now()
  );
  COMMENT ON TABLE public.migration IS 'The migrations that this database has had; a merged one is never edited.'`;

export interface Migrate {
  /** A role that may create roles and schemas. */
  adminUrl: string;
  /** Passwords to give to the role of each service; a role without one keeps what it has. */
  passwords?: Partial<Record<ServiceName, string>>;
  /** Another folder than this package's own. */
  directory?: string;
  log?: (line: string) => void;
}

/**
 * Applies the migrations that a database has not had, each in a transaction of its own, and sets passwords. Safe to
 * run at the same time from several places: the others wait.
 * @returns the names of the migrations that were applied now.
 * @throws MigrationError where a migration was edited or removed, or fails; the ones before it stay applied.
 */
export async function migrate({ adminUrl, passwords = {}, directory, log }: Migrate): Promise<string[]> {
  const migrations = await readMigrations(directory);
  const client = new pg.Client({
    connectionString: adminUrl,
    application_name: 'aistock_migrate',
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
  });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const pending = pendingMigrations(migrations, await appliedMigrations(client));
    for (const migration of pending) {
      await apply(client, migration);
      log?.(`applied ${migration.name}`);
    }
    await setPasswords(client, passwords);
    return pending.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

async function appliedMigrations(client: pg.Client) {
  const table = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('public.migration') IS NOT NULL AS exists`,
  );
  if (table.rows[0]?.exists !== true) await client.query(MIGRATION_TABLE);
  const applied = await client.query<{ name: string; sha256: string }>(
    'SELECT name, sha256 FROM public.migration ORDER BY name',
  );
  return applied.rows;
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(migration.sql);
    await client.query('INSERT INTO public.migration (name, sha256) VALUES ($1, $2)', [
      migration.name,
      migration.sha256,
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    const detail = error instanceof Error ? error.message : String(error);
    throw new MigrationError(`${migration.name} failed: ${detail}`, { cause: error });
  }
}

async function setPasswords(client: pg.Client, passwords: Partial<Record<ServiceName, string>>) {
  for (const [service, password] of Object.entries(passwords)) {
    const role = client.escapeIdentifier(`aistock_${service}`);
    const verifier = client.escapeLiteral(scramVerifier(password, randomBytes(SALT_BYTES)));
    await client.query(`ALTER ROLE ${role} PASSWORD ${verifier}`);
  }
}
