import { migrate, migrationsHash, readMigrations } from '@aistock/database/migrate';
import { SERVICE_NAMES, type ServiceName } from '@aistock/shared';
import type { Client } from 'pg';
import { databaseUrl, withClient } from './server-client.ts';

/** Of every service role on a server for tests. */
export const ROLE_PASSWORD = 'test-role-password';

/** 'test' in ASCII: one process makes the template, the others wait for it. */
const TEMPLATE_LOCK = 0x74657374;
const HASH_CHARS = 12;

/**
 * A migrated database to clone: made once for each state of the migrations, whose hash is part of its name.
 * @returns its name.
 */
export async function ensureTemplate(serverUrl: string): Promise<string> {
  const hash = migrationsHash(await readMigrations()).slice(0, HASH_CHARS);
  const template = `aistock_template_${hash}`;
  await withClient(serverUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (found.rowCount === 0) await makeTemplate(client, serverUrl, template);
  });
  return template;
}

/** Made under another name and renamed when it is complete, so that a half-made one is never cloned. */
async function makeTemplate(client: Client, serverUrl: string, template: string): Promise<void> {
  const unfinished = `${template}_new`;
  await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${unfinished}`);
  const passwords = Object.fromEntries(SERVICE_NAMES.map((name) => [name, ROLE_PASSWORD])) as Record<
    ServiceName,
    string
  >;
  await migrate({ adminUrl: databaseUrl(serverUrl, unfinished), passwords });
  await client.query(`ALTER DATABASE ${unfinished} ALLOW_CONNECTIONS false`);
  await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
}
