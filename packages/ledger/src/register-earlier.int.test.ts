import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Db, openDatabase, type Trx } from '@aistock/database';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { claimFiles } from './claim.ts';
import { findFirst, findWatermark, listFiles } from './read.ts';
import { quarantineFile, registerEarlier, registerFile } from './register.ts';
import { fileNumber, MINUTE_MS } from './test-files.ts';

let database: TestDatabase;
let ingester: Db;
before(async () => {
  database = await createTestDatabase();
  ingester = openDatabase({ url: database.url('data_ingester'), applicationName: 'test' });
});
after(async () => {
  await ingester.destroy();
  await database.drop();
});

const inTransaction = <T>(work: (trx: Trx) => Promise<T>) => ingester.transaction().execute(work);
const earlier = (stream: string, n: number, firstMs: number) =>
  inTransaction((trx) => registerEarlier(trx, fileNumber(stream, n), firstMs));

/** A stream that begins with file 5. */
async function beginAtFive(stream: string): Promise<number> {
  const file = fileNumber(stream, 5);
  await inTransaction((trx) => registerFile(trx, file, null));
  return file.firstOpenMs;
}

test('history grows backwards, the watermark stays, and all of it is claimed in order of time', async () => {
  const stream = 'csv:EARLIER:1m';
  await beginAtFive(stream);
  const watermarkMs = await findWatermark(ingester, stream);
  for (const n of [4, 3, 2]) await earlier(stream, n, fileNumber(stream, n + 1).firstOpenMs);
  assert.equal(await findFirst(ingester, stream), fileNumber(stream, 2).firstOpenMs);
  assert.equal(await findWatermark(ingester, stream), watermarkMs);
  const trainer = openDatabase({ url: database.url('ml_service'), applicationName: 'test' });
  const claimed = await claimFiles(trainer, { claimer: 'test', stream, limit: 10 });
  await trainer.destroy();
  assert.deepEqual(
    claimed.map((row) => [row.first_open_at?.getTime(), row.revision]),
    [2, 3, 4, 5].map((n) => [fileNumber(stream, n).firstOpenMs, 0]),
  );
});

test('the same bytes are registered once', async () => {
  const stream = 'csv:TWICE:1m';
  const firstMs = await beginAtFive(stream);
  const { file } = await earlier(stream, 4, firstMs);
  const again = await earlier(stream, 4, firstMs);
  assert.equal(again.registered, false);
  assert.equal(again.file.file_id, file.file_id);
});

test('a stream that begins elsewhere by now, or has not begun, takes none', async () => {
  const stream = 'csv:STALEFIRST:1m';
  const firstMs = await beginAtFive(stream);
  await earlier(stream, 4, firstMs);
  await assert.rejects(earlier(stream, 3, firstMs), { name: 'RegistrationRefused', code: 'stale_first' });
  await assert.rejects(earlier('csv:EMPTY:1m', 3, firstMs), { code: 'stale_first' });
  const bad = { ...fileNumber('csv:BAD:1m', 5), reason: 'bad' };
  await inTransaction((trx) => quarantineFile(trx, bad));
  await assert.rejects(earlier('csv:BAD:1m', 3, bad.firstOpenMs), { code: 'stale_first' });
});

test('bars that reach the first one are refused', async () => {
  const stream = 'csv:REACH:1m';
  const firstMs = await beginAtFive(stream);
  const file = { ...fileNumber(stream, 4), lastOpenMs: firstMs };
  const reaching = inTransaction((trx) => registerEarlier(trx, file, firstMs));
  await assert.rejects(reaching, { name: 'RegistrationRefused', code: 'overlapping_bars' });
  assert.equal((await listFiles(ingester, { stream })).length, 1);
});

test('of two concurrent registrations before the same bar, one wins', async () => {
  const stream = 'csv:EARLYRACE:1m';
  const firstMs = await beginAtFive(stream);
  const other = { ...fileNumber(stream, 3), lastOpenMs: firstMs - MINUTE_MS };
  const outcomes = await Promise.allSettled([
    earlier(stream, 4, firstMs),
    inTransaction((trx) => registerEarlier(trx, other, firstMs)),
  ]);
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  assert.equal(refused.length, 1);
  assert.equal(refused[0]?.reason.code, 'stale_first');
});
