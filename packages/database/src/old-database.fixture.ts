import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '@aistock/testkit';
import pg from 'pg';
import { readMigrations } from './migration-files.ts';
import { migrate } from './migrate.ts';

/** A database as it was before some migrations, for what was in it then. */
export interface OldDatabase extends AsyncDisposable {
  readonly client: pg.Client;
  /** Applies the migrations that came since, and answers their names. */
  migrate(): Promise<readonly string[]>;
}

/** @param last the number of the last migration that is applied, such as `0020`. */
export async function oldDatabase(last: string): Promise<OldDatabase> {
  const name = `aistock_test_old_${randomUUID().slice(0, 8)}`;
  const server = await createTestDatabase();
  const directory = await mkdtemp(join(tmpdir(), 'aistock-old-'));
  for (const { name: file, sql } of await readMigrations())
    if (file.slice(0, last.length) <= last) await writeFile(join(directory, file), sql);
  await onServer(server.adminUrl, `CREATE DATABASE ${name}`);
  const url = new URL(server.adminUrl);
  url.pathname = `/${name}`;
  await migrate({ adminUrl: url.href, directory });
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  return {
    client,
    migrate: () => migrate({ adminUrl: url.href }),
    [Symbol.asyncDispose]: async () => {
      await client.end();
      await onServer(server.adminUrl, `DROP DATABASE ${name} WITH (FORCE)`);
      await server.drop();
      await rm(directory, { recursive: true });
    },
  };
}

async function onServer(adminUrl: string, statement: string): Promise<void> {
  const own = new pg.Client({ connectionString: adminUrl });
  await own.connect();
  await own.query(statement);
  await own.end();
}
