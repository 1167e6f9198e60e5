import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask, sqlText, withDuck } from './duck.ts';

const FILES = 20;

test('of files that were read nothing stays in memory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aistock-duck-'));
  try {
    for (let file = 0; file < FILES; file++) {
      const path = sqlText(join(folder, `${file}.parquet`));
      await withDuck((connection) =>
        ask(connection, `COPY (SELECT range AS bar FROM range(10)) TO ${path} (FORMAT parquet)`),
      );
      const rows = await withDuck((connection) => ask(connection, `SELECT * FROM read_parquet(${path})`));
      assert.equal(rows.length, 10);
    }
    const [held] = await withDuck((connection) =>
      ask(connection, 'SELECT sum(memory_usage_bytes) AS bytes FROM duckdb_memory()'),
    );
    assert.equal(Number(held?.['bytes']), 0);
  } finally {
    await rm(folder, { recursive: true });
  }
});
