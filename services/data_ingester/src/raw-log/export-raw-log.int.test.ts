import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { folderLake, RawLogFiles } from '@aistock/lake';
import { appendRawLog, findRawLogExport, listRawLog, toLine, type RawLogEntry } from '@aistock/ledger';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { sql } from 'kysely';
import { exportRawLog } from './export-raw-log.ts';

const CLOCK = { nowMs: () => Date.UTC(2024) };

let database: TestDatabase;
let folder: string;
before(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'aistock-export-'));
});
after(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

async function append(sha256: string): Promise<void> {
  const chunk = { stream: 'csv:LOG:1m', chunk_sha256: sha256, outcome: 'registered' as const };
  const entry: RawLogEntry = { kind: 'file', ...chunk, source: 'csv', path: 'a', sha256, received_ms: 0 };
  await database.db.transaction().execute((trx) => appendRawLog(trx, [entry], CLOCK.nowMs()));
}

async function someoneWaitsForALock(): Promise<void> {
  const waiting = sql`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
  while ((await waiting.execute(database.db)).rows.length === 0);
}

test('of two that copy at once, one that dies leaves no older copy behind what is noted as copied', async () => {
  const { db } = database;
  const lake = folderLake(folder);
  await append('1'.repeat(64));
  let other: Promise<number> | undefined;
  const slow = new RawLogFiles({
    ...lake,
    put: async (path, content) => {
      await append('2'.repeat(64));
      other = exportRawLog(db, new RawLogFiles(lake), CLOCK);
      await Promise.race([other, someoneWaitsForALock()]);
      await lake.put(path, content);
      throw new Error('died');
    },
  });
  await assert.rejects(exportRawLog(db, slow, CLOCK), /died/);
  await other;
  assert.equal((await findRawLogExport(db))?.position, 1);
  const files = new RawLogFiles(lake);
  const [file] = await files.list();
  assert.deepEqual(await files.lines(file!), (await listRawLog(db, undefined)).map(toLine));
});
