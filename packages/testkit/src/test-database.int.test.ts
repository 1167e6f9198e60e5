import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openDatabase } from '@aistock/database';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

let first: TestDatabase;
let second: TestDatabase;

before(async () => {
  [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
});
after(() => Promise.all([first.drop(), second.drop()]));

test('each test database is migrated and its own', async () => {
  await sql`CREATE TABLE public.only_here ()`.execute(first.db);
  const tables = await sql<{ name: string }>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`.execute(
    second.db,
  );
  assert.deepEqual(tables.rows, [{ name: 'migration' }]);
});

test('a service connects with its own role', async () => {
  const db = openDatabase({ url: first.url('engine'), applicationName: 'test' });
  const role = await sql<{ name: string }>`SELECT session_user AS name`.execute(db);
  await db.destroy();
  assert.deepEqual(role.rows, [{ name: 'aistock_engine' }]);
});
