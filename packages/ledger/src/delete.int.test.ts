import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Db, openDatabase } from '@aistock/database';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { sql } from 'kysely';
import { claimFiles } from './claim.ts';
import { intendDeletion, resumeDeletions } from './delete.ts';
import { finishClaims } from './finish.ts';
import { listFiles } from './read.ts';
import { quarantineFile, registerFile } from './register.ts';
import { fileNumber, registerFiles } from './test-files.ts';

let database: TestDatabase;
let trainer: Db;
/** What is on disk. */
const disk = new Set<string>();

before(async () => {
  database = await createTestDatabase();
  trainer = openDatabase({ url: database.url('ml_service'), applicationName: 'test' });
});
after(async () => {
  await trainer.destroy();
  await database.drop();
});

async function unlink(path: string): Promise<void> {
  disk.delete(path);
}

/** Processes the files of a stream and means to delete them, in one transaction. */
async function finishAndIntend(stream: string): Promise<void> {
  const claims = await claimFiles(trainer, { claimer: 'test', stream, limit: 10 });
  for (const { path } of claims) disk.add(path);
  await trainer.transaction().execute(async (trx) => {
    await finishClaims(trx, claims);
    await intendDeletion(
      trx,
      claims.map((row) => row.file_id),
    );
  });
}

async function someoneWaitsForALock(): Promise<void> {
  const waiting = sql`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
  while ((await waiting.execute(database.db)).rows.length === 0);
}

const isDeleted = async (stream: string) =>
  (await listFiles(trainer, { stream })).map((row) => row.deleted_at !== null);

test('files are deleted after they were processed', async () => {
  const stream = 'csv:DELETE:1m';
  await registerFiles(database.db, stream, 2);
  await finishAndIntend(stream);
  assert.deepEqual(await isDeleted(stream), [false, false]);
  assert.equal(await resumeDeletions(trainer, unlink), 2);
  assert.equal(disk.size, 0);
  assert.deepEqual(await isDeleted(stream), [true, true]);
  assert.equal(await resumeDeletions(trainer, unlink), 0);
});

test('a crash between intent and unlink is made good', async () => {
  const stream = 'csv:CRASH1:1m';
  await registerFiles(database.db, stream, 1);
  await finishAndIntend(stream);
  const crash = resumeDeletions(trainer, () => Promise.reject(new Error('crash')));
  await assert.rejects(crash, /crash/);
  assert.equal(disk.size, 1);
  assert.equal(await resumeDeletions(trainer, unlink), 1);
  assert.equal(disk.size, 0);
});

test('a crash after unlink is made good: the same path is asked for again', async () => {
  const stream = 'csv:CRASH2:1m';
  await registerFiles(database.db, stream, 1);
  await finishAndIntend(stream);
  const asked: string[] = [];
  const crash = resumeDeletions(trainer, async (path) => {
    asked.push(path);
    await unlink(path);
    throw new Error('crash');
  });
  await assert.rejects(crash, /crash/);
  assert.deepEqual(await isDeleted(stream), [false]);
  await resumeDeletions(trainer, async (path) => {
    asked.push(path);
  });
  assert.deepEqual(asked, [fileNumber(stream, 0).path, fileNumber(stream, 0).path]);
  assert.deepEqual(await isDeleted(stream), [true]);
});

test('a finish that rolls back leaves no intent', async () => {
  const stream = 'csv:ROLLBACK:1m';
  await registerFiles(database.db, stream, 1);
  const [claim] = await claimFiles(trainer, { claimer: 'test', stream, limit: 1 });
  assert.ok(claim);
  const stale = trainer.transaction().execute(async (trx) => {
    await intendDeletion(trx, [claim.file_id]);
  });
  await assert.rejects(stale, { code: '23000' });
  assert.equal(await resumeDeletions(trainer, unlink), 0);
});

test('bytes that another stream shares stay until the last file of them goes', async () => {
  const { sha256, path } = fileNumber('csv:SHARED:1m', 0);
  for (const stream of ['csv:SHARED1:1m', 'csv:SHARED2:1m']) {
    const file = { ...fileNumber(stream, 0), sha256, path };
    await database.db.transaction().execute((trx) => registerFile(trx, file, null));
  }
  await finishAndIntend('csv:SHARED1:1m');
  assert.equal(await resumeDeletions(trainer, unlink), 1);
  assert.ok(disk.has(path));
  await finishAndIntend('csv:SHARED2:1m');
  assert.equal(await resumeDeletions(trainer, unlink), 1);
  assert.ok(!disk.has(path));
});

test('a registration of the same path waits for a deletion under way', async () => {
  const stream = 'csv:WAIT1:1m';
  await registerFiles(database.db, stream, 1);
  await finishAndIntend(stream);
  const order: string[] = [];
  const unlinking = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const deletion = resumeDeletions(trainer, async () => {
    unlinking.resolve();
    await goOn.promise;
    order.push('unlinked');
  });
  await unlinking.promise;
  const file = { ...fileNumber('csv:WAIT2:1m', 0), path: fileNumber(stream, 0).path, reason: 'test' };
  const registration = database.db.transaction().execute(async (trx) => {
    await quarantineFile(trx, file);
    order.push('registered');
  });
  await Promise.race([registration, someoneWaitsForALock()]);
  goOn.resolve();
  await Promise.all([deletion, registration]);
  assert.deepEqual(order, ['unlinked', 'registered']);
});
