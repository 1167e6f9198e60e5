import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Db, openDatabase, type Trx } from '@aistock/database';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { claimFiles } from './claim.ts';
import { findWatermark, listFiles, listStreams } from './read.ts';
import { quarantineFile, registerFile, registerRevision } from './register.ts';
import { fileNumber, MINUTE_MS, registerFiles } from './test-files.ts';

let database: TestDatabase;
let ingester: Db;
let trainer: Db;

before(async () => {
  database = await createTestDatabase();
  ingester = openDatabase({ url: database.url('data_ingester'), applicationName: 'test' });
  trainer = openDatabase({ url: database.url('ml_service'), applicationName: 'test' });
});
after(async () => {
  await Promise.all([ingester.destroy(), trainer.destroy()]);
  await database.drop();
});

const inTransaction = <T>(work: (trx: Trx) => Promise<T>) => ingester.transaction().execute(work);

function insertByHand(n: number) {
  const { stream, sha256, path } = fileNumber('csv:BYHAND:1m', n);
  const times = { first_open_at: new Date(0), last_open_at: new Date((n + 5) * MINUTE_MS) };
  return ingester
    .insertInto('ledger.file')
    .values({ stream, sha256, path, rows: 1, bytes: 1, ...times })
    .execute();
}

test('a file and its watermark are registered together', async () => {
  const file = fileNumber('csv:TOGETHER:1m', 0);
  const { file: row, registered } = await inTransaction((trx) => registerFile(trx, file, null));
  assert.equal(registered, true);
  assert.equal(row.status, 'downloaded');
  assert.equal(row.first_open_at?.getTime(), file.firstOpenMs);
  assert.equal(await findWatermark(ingester, file.stream), file.lastOpenMs);
});

test('a transaction that rolls back leaves neither file nor watermark', async () => {
  const file = fileNumber('csv:ROLLBACK:1m', 0);
  const crash = inTransaction(async (trx) => {
    await registerFile(trx, file, null);
    throw new Error('crash');
  });
  await assert.rejects(crash, /crash/);
  assert.equal(await findWatermark(ingester, file.stream), null);
  assert.deepEqual(await listFiles(ingester, { stream: file.stream }), []);
});

test('the same bytes are registered once, and the first row is given back', async () => {
  const stream = 'csv:SAME:1m';
  const [id] = await registerFiles(ingester, stream, 1);
  const again = await inTransaction((trx) => registerFile(trx, fileNumber(stream, 0), null));
  assert.equal(again.registered, false);
  assert.equal(again.file.file_id, id);
});

test('a registration from an old watermark is refused', async () => {
  const stream = 'csv:STALE:1m';
  await registerFiles(ingester, stream, 2);
  const late = inTransaction((trx) =>
    registerFile(trx, fileNumber(stream, 5), fileNumber(stream, 0).lastOpenMs),
  );
  await assert.rejects(late, { name: 'RegistrationRefused', code: 'stale_watermark' });
});

test('bars before the watermark are refused', async () => {
  const stream = 'csv:BEFORE:1m';
  await registerFiles(ingester, stream, 1);
  const { firstOpenMs, lastOpenMs } = fileNumber(stream, 0);
  const file = { ...fileNumber(stream, 1), firstOpenMs: firstOpenMs + MINUTE_MS };
  const overlap = inTransaction((trx) => registerFile(trx, file, lastOpenMs));
  await assert.rejects(overlap, { name: 'RegistrationRefused', code: 'overlapping_bars' });
});

test('of two concurrent registrations of the same time, one wins', async () => {
  const stream = 'csv:RACE:1m';
  const file = fileNumber(stream, 0);
  const other = { ...fileNumber(stream, 1), firstOpenMs: file.firstOpenMs + MINUTE_MS };
  const outcomes = await Promise.allSettled([
    inTransaction((trx) => registerFile(trx, file, null)),
    inTransaction((trx) => registerFile(trx, other, null)),
  ]);
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  assert.equal(refused.length, 1);
  assert.equal(refused[0]?.reason.code, 'stale_watermark');
  assert.equal((await listFiles(ingester, { stream })).length, 1);
});

test('Postgres refuses overlapping bars of two concurrent hand-written inserts', async () => {
  const outcomes = await Promise.allSettled([insertByHand(1), insertByHand(2)]);
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  assert.equal(refused.length, 1);
  assert.equal(refused[0]?.reason.constraint, 'file_bars_once');
});

test('a restated bar goes in beside the first one, is not claimed and moves no watermark', async () => {
  const stream = 'csv:REVISED:1m';
  await registerFiles(ingester, stream, 2);
  const watermarkMs = await findWatermark(ingester, stream);
  const restated = { ...fileNumber(stream, 0), sha256: 'e'.repeat(64) };
  const { file } = await inTransaction((trx) => registerRevision(trx, restated, 1));
  assert.equal(file.revision, 1);
  assert.equal(await findWatermark(ingester, stream), watermarkMs);
  const twice = inTransaction((trx) => registerRevision(trx, { ...restated, sha256: 'f'.repeat(64) }, 1));
  await assert.rejects(twice, { name: 'RegistrationRefused', code: 'overlapping_bars' });
  const claimed = await claimFiles(trainer, { claimer: 'test', stream, limit: 10 });
  assert.deepEqual(
    claimed.map((row) => row.revision),
    [0, 0],
  );
});

test('quarantined bytes are kept with their reason, and block no good file', async () => {
  const stream = 'csv:QUARANTINE:1m';
  const reason = 'row 3: high below low';
  const bad = { ...fileNumber(stream, 0), path: 'quarantine/aa.bin', reason };
  const { file } = await inTransaction((trx) => quarantineFile(trx, bad));
  const unreadable = { ...fileNumber(stream, 9), rows: 0, firstOpenMs: null, lastOpenMs: null, reason };
  await inTransaction((trx) => quarantineFile(trx, unreadable));
  assert.equal(file.status, 'quarantined');
  assert.equal(file.reason, reason);
  const good = { ...fileNumber(stream, 0), sha256: 'a'.repeat(64) };
  assert.equal((await inTransaction((trx) => registerFile(trx, good, null))).registered, true);
  const streams = await listStreams(ingester);
  assert.deepEqual(
    streams.find((known) => known.stream === stream),
    { stream, files: { downloaded: 1, quarantined: 2 }, watermarkMs: good.lastOpenMs },
  );
});

test('a file that is committed late is still claimed', async () => {
  const late = await ingester.startTransaction().execute();
  const { file } = await registerFile(late, fileNumber('csv:LATE:1m', 0), null);
  await registerFiles(ingester, 'csv:LATE2:1m', 1);
  const first = await claimFiles(trainer, { claimer: 'test', stream: 'csv:LATE2:1m', limit: 10 });
  assert.equal(first.length, 1);
  assert.deepEqual(await claimFiles(trainer, { claimer: 'test', stream: 'csv:LATE:1m', limit: 10 }), []);
  await late.commit().execute();
  const second = await claimFiles(trainer, { claimer: 'test', stream: 'csv:LATE:1m', limit: 10 });
  assert.deepEqual(
    second.map((row) => row.file_id),
    [file.file_id],
  );
});
