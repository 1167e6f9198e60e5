import { randomBytes } from 'node:crypto';
import { type Db, openDatabase } from '@aistock/database';
import type { ServiceName } from '@aistock/shared';
import { databaseUrl, withClient } from './server-client.ts';
import { ensureTemplate, ROLE_PASSWORD } from './template-database.ts';
import { testServerUrl } from './test-server.ts';

export interface TestDatabase {
  /** As the superuser. */
  db: Db;
  adminUrl: string;
  /** The URL with the role of one service, password included. */
  url: (service: ServiceName) => string;
  /** Closes `db` and removes the database, even where a service is still connected. */
  drop: () => Promise<void>;
}

const NAME_BYTES = 8;

/** A fresh, migrated database for one test file: a clone of a template, which takes some tens of milliseconds. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = await testServerUrl();
  const template = await ensureTemplate(serverUrl);
  const name = `aistock_test_${randomBytes(NAME_BYTES).toString('hex')}`;
  await withClient(serverUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  const adminUrl = databaseUrl(serverUrl, name);
  const db = openDatabase({ url: adminUrl, applicationName: 'aistock_test' });
  return {
    db,
    adminUrl,
    url: (service) => roleUrl(adminUrl, service),
    drop: async () => {
      await db.destroy();
      await withClient(serverUrl, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
    },
  };
}

function roleUrl(adminUrl: string, service: ServiceName): string {
  const url = new URL(adminUrl);
  url.username = `aistock_${service}`;
  url.password = ROLE_PASSWORD;
  return url.href;
}
