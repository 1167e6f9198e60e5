import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Migration } from './migration-plan.ts';

const MIGRATIONS_DIR = join(import.meta.dirname, '..', 'migrations');
const FILE_NAME = /^\d{4}_[a-z0-9_]+\.sql$/;

/** Reads the migrations of a folder, in order of application; other files are ignored. */
export async function readMigrations(directory = MIGRATIONS_DIR): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => FILE_NAME.test(name)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(directory, name), 'utf8');
      return { name, sql, sha256: sha256(sql) };
    }),
  );
}

/** One hash for a whole set of migrations: it differs where any name, text or order does. */
export function migrationsHash(migrations: readonly Migration[]): string {
  return sha256(migrations.map((migration) => `${migration.name} ${migration.sha256}\n`).join(''));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
