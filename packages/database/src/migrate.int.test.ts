import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { sql } from 'kysely';
import { migrate } from './migrate.ts';
import { readMigrations } from './migration-files.ts';

let database: TestDatabase;
let directory: string;

before(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'aistock-migrations-'));
  for (const { name, sql: text } of await readMigrations()) await writeFile(join(directory, name), text);
});
after(async () => {
  await database.drop();
  await rm(directory, { recursive: true });
});

const run = () => migrate({ adminUrl: database.adminUrl, directory });
const exists = async (table: string) => {
  const { rows } = await sql<{ found: boolean }>`SELECT to_regclass(${table}) IS NOT NULL AS found`.execute(
    database.db,
  );
  return rows[0]?.found;
};

test('a database that is up to date stays as it is', async () => {
  assert.deepEqual(await run(), []);
});

test('a migration that fails leaves nothing of itself, and what came before it', async () => {
  await writeFile(join(directory, '9001_good.sql'), 'CREATE TABLE public.good ();');
  await writeFile(join(directory, '9002_bad.sql'), 'CREATE TABLE public.bad (); SELECT 1 / 0;');
  await assert.rejects(run(), { name: 'MigrationError', message: '9002_bad.sql failed: division by zero' });
  assert.equal(await exists('public.good'), true);
  assert.equal(await exists('public.bad'), false);
});

test('of several at once, one applies and the others wait', async () => {
  await writeFile(join(directory, '9002_bad.sql'), 'CREATE TABLE public.mended ();');
  const applied = await Promise.all([run(), run(), run()]);
  assert.deepEqual(applied.flat(), ['9002_bad.sql']);
});

test('an edited migration is refused before anything is applied', async () => {
  await writeFile(join(directory, '9001_good.sql'), 'CREATE TABLE public.other ();');
  await writeFile(join(directory, '9003_next.sql'), 'CREATE TABLE public.next ();');
  await assert.rejects(run(), /9001_good.sql was edited after it was applied/);
  assert.equal(await exists('public.next'), false);
});
