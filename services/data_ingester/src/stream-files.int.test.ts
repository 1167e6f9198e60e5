import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sha256Hex } from '@aistock/shared';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { sql } from 'kysely';
import { findParts, type PartFilter } from './stream-files.ts';

const STREAM = 'csv:TEST/USDT:1m';
const FILES = 5_000;

/** Files of ten bars: number n opens from 10 n to 10 n + 9, in seconds. */
let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
  await sql`
    INSERT INTO ledger.file (stream, sha256, path, rows, bytes, first_open_at, last_open_at, status, reason)
    SELECT stream, encode(sha256((stream || n)::bytea), 'hex'), 'raw/' || n, 10, 1,
      to_timestamp(10 * n), to_timestamp(10 * n + 9),
      CASE WHEN n = 7 THEN 'quarantined' ELSE 'downloaded' END, CASE WHEN n = 7 THEN 'bad' END
    FROM generate_series(1, ${FILES}::int) AS n, (VALUES (${STREAM}), ('csv:OTHER:1m')) AS streams (stream)
  `.execute(database.db);
  await sql`ANALYZE ledger.file`.execute(database.db);
});
after(() => database.drop());

async function numbers(filter: Partial<PartFilter>): Promise<number[]> {
  const all = { fromMs: 0, toMs: 8.64e15, newest: false, barsMax: 1, ...filter };
  const parts = await findParts(database.db, STREAM, all);
  for (const part of parts) assert.equal(part.sha256, sha256Hex(STREAM + part.firstOpenMs / 10_000));
  return parts.map((part) => part.firstOpenMs / 10_000);
}

test('the parts come from the wanted end, without quarantined ones', async () => {
  assert.deepEqual(await numbers({ barsMax: 6 }), [1, 2, 3, 4, 5, 6, 8, 9]);
  assert.deepEqual(await numbers({ newest: true }), [FILES, FILES - 1, FILES - 2]);
  assert.deepEqual(await numbers({ newest: true, toMs: 55_000 }), [5, 4, 3]);
  assert.deepEqual(await numbers({ newest: true, toMs: 50_000 }), [4, 3, 2]);
});

test('a part that begins before the time and reaches into it is among them', async () => {
  assert.deepEqual(await numbers({ fromMs: 59_000, toMs: 90_000 }), [5, 6, 8]);
  assert.deepEqual(await numbers({ fromMs: 59_001, toMs: 90_000 }), [6, 8]);
  assert.deepEqual(await numbers({ fromMs: 75_000, toMs: 81_000 }), [8]);
  assert.deepEqual(await numbers({ fromMs: 900_000_000 }), []);
});

test('either end of five thousand files is found within a few milliseconds', async () => {
  for (const filter of [{ newest: true, toMs: 25_000_000 }, { fromMs: 45_000_000 }]) {
    await numbers(filter);
    const startMs = performance.now();
    await numbers(filter);
    assert.ok(performance.now() - startMs < 50);
  }
});
