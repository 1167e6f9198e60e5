import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { sql } from 'kysely';
import { dumpSchema } from './dump.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.drop());

test('schema.sql is what the migrations make', async () => {
  const file = join(import.meta.dirname, '..', '..', 'schema.sql');
  assert.equal(
    await dumpSchema(database.db),
    await readFile(file, 'utf8'),
    'write it anew with: node packages/database/src/dump-schema.ts --write',
  );
});

test('every table and view has a comment', async () => {
  const { rows } = await sql<{ name: string }>`
    SELECT c.oid::regclass::text AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND obj_description(c.oid, 'pg_class') IS NULL`.execute(database.db);
  assert.deepEqual(rows, []);
});

for (const change of [
  'ALTER TABLE ledger.file ALTER rows DROP NOT NULL',
  'ALTER TABLE ledger.file ALTER status DROP DEFAULT',
  'ALTER TABLE ledger.file DROP CONSTRAINT file_bars_once',
  'DROP INDEX ledger.file_open',
  'DROP TRIGGER guard_step ON ledger.file',
  'GRANT DELETE ON ledger.file TO aistock_engine',
  'GRANT UPDATE (rows) ON ledger.file TO aistock_engine',
  'GRANT EXECUTE ON FUNCTION audit.emit TO PUBLIC',
  "COMMENT ON TABLE ledger.file IS 'other'",
]) {
  test(`a dump shows: ${change}`, async () => {
    const unchanged = await dumpSchema(database.db);
    await sql.raw(change).execute(database.db);
    assert.notEqual(await dumpSchema(database.db), unchanged);
  });
}
