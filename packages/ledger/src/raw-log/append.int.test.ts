import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openDatabase, type Db } from '@aistock/database';
import { sha256Hex } from '@aistock/shared';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { sql } from 'kysely';
import { appendRawLog, findRawLogHead } from './append.ts';
import { ChainVerifier } from './chain-verifier.ts';
import { findNamedResponses, listRawLog } from './read.ts';
import { sealEntries, toLine, type RawLogEntry } from './raw-record.ts';

const DAY_MS = 86_400_000;

let database: TestDatabase;
let ingester: Db;
before(async () => {
  database = await createTestDatabase();
  ingester = openDatabase({ url: database.url('data_ingester'), applicationName: 'test', poolMax: 8 });
});
after(async () => {
  await ingester.destroy();
  await database.drop();
});

function fileEntry(n: number): RawLogEntry {
  const sha256 = sha256Hex(`file ${n}`);
  const chunk = { stream: 'csv:LOG:1m', chunk_sha256: sha256, outcome: 'registered' as const };
  return { kind: 'file', ...chunk, source: 'csv', path: `LOG/1m.csv`, sha256, received_ms: n };
}

function answerEntry(sha256: string): RawLogEntry {
  const chunk = { stream: 'sim:LOG:1m', chunk_sha256: sha256, outcome: 'quarantined' as const };
  const answer = { source: 'sim', request_id: 'r', url: 'http://127.0.0.1/', status: 200, bytes: 1 };
  return { kind: 'answer', ...chunk, ...answer, sha256, source_clock_ms: 5, received_ms: 6 };
}

const append = (entries: RawLogEntry[], atMs: number) =>
  ingester.transaction().execute((trx) => appendRawLog(trx, entries, atMs));

async function problems(): Promise<string[]> {
  const verifier = new ChainVerifier();
  const rows = await listRawLog(ingester, undefined);
  return rows.flatMap((row) => verifier.add(toLine(row)).problem ?? []);
}

test('writers at the same time make one chain without holes, whose order is that of their commits', async () => {
  const writers = Array.from({ length: 24 }, (_, n) =>
    append([fileEntry(2 * n), fileEntry(2 * n + 1)], n < 12 ? 0 : DAY_MS),
  );
  await Promise.all(writers);
  const rows = await listRawLog(ingester, undefined);
  assert.equal(rows.length, 48);
  assert.deepEqual(await problems(), []);
  const { day, position, recordHash } = rows.at(-1)!;
  assert.deepEqual(await findRawLogHead(ingester), { day, position, recordHash });
  assert.deepEqual(await listRawLog(ingester, rows[30]), rows.slice(31));
  assert.deepEqual(await listRawLog(ingester, rows[30], 2), rows.slice(31, 33));
});

test('a transaction that fails leaves no hole', async () => {
  const head = await findRawLogHead(ingester);
  const failing = ingester.transaction().execute(async (trx) => {
    await appendRawLog(trx, [fileEntry(100)], DAY_MS);
    throw new Error('undone');
  });
  await assert.rejects(failing, /undone/);
  assert.deepEqual(await findRawLogHead(ingester), head);
  await append([answerEntry(sha256Hex('answer'))], DAY_MS);
  assert.deepEqual(await problems(), []);
  const asked = [sha256Hex('answer'), sha256Hex('another')];
  assert.deepEqual([...(await findNamedResponses(ingester, asked))], [sha256Hex('answer')]);
});

test('what is no entry never gets in', async () => {
  const wrong = { ...fileEntry(1), chunk_sha256: 'x' };
  await assert.rejects(append([wrong], 0), { name: 'ZodError' });
});

test('the database refuses changes, removals, branches, holes and wrong hashes, to its owner too', async () => {
  const refused = /not allowed|does not follow|violates|duplicate/;
  for (const statement of [
    `UPDATE ledger.raw_log SET body = body`,
    `DELETE FROM ledger.raw_log`,
    `TRUNCATE ledger.raw_log`,
  ])
    await assert.rejects(sql.raw(statement).execute(database.db), refused);
  const head = await findRawLogHead(ingester);
  assert.ok(head);
  const rows = await listRawLog(ingester, undefined);
  const insert = (at: typeof head | undefined, change: (body: string) => string = (body) => body) => {
    const [sealed] = sealEntries(at, [fileEntry(7)], 2 * DAY_MS);
    const body = change(sealed!.body);
    const recordHash = body === sealed!.body ? sealed!.recordHash : sha256Hex(body);
    return sql`INSERT INTO ledger.raw_log (body, record_hash) VALUES (${body}, ${recordHash})`.execute(
      ingester,
    );
  };
  const branch = rows[10]!;
  await assert.rejects(insert({ ...branch }), refused);
  await assert.rejects(insert(undefined), refused);
  await assert.rejects(
    insert(head, (body) => body.replace('"position":0', '"position":1')),
    refused,
  );
  await assert.rejects(
    sql`INSERT INTO ledger.raw_log (body, record_hash) VALUES ('{}', ${'0'.repeat(64)})`.execute(ingester),
    refused,
  );
  await insert(head);
  assert.deepEqual(await problems(), []);
});

test('who trains puts deletions on the log, and nothing else', async () => {
  const trainer = openDatabase({ url: database.url('ml_service'), applicationName: 'test' });
  try {
    const add = (entry: RawLogEntry) =>
      trainer.transaction().execute((trx) => appendRawLog(trx, [entry], 3 * DAY_MS));
    const head = await findRawLogHead(ingester);
    const refused = /INSERT of ledger.raw_log is not allowed/;
    await assert.rejects(add(fileEntry(8)), refused);
    await assert.rejects(add(answerEntry(sha256Hex('forged'))), refused);
    assert.deepEqual(await findRawLogHead(ingester), head);
    const { stream, chunk_sha256: sha256 } = fileEntry(7);
    const bars = { bars_sha256: sha256Hex('bars'), reason: 'retention' };
    await add({ kind: 'deletion', stream, chunk_sha256: sha256, paths: ['raw/LOG/7.csv.gz'], ...bars });
    assert.deepEqual(await problems(), []);
  } finally {
    await trainer.destroy();
  }
});
