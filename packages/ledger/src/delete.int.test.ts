import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Db, openDatabase } from '@aistock/database';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { sql } from 'kysely';
import { claimFiles } from './claim.ts';
import { type DeletionSteps, intendDeletion, resumeDeletions } from './delete.ts';
import { finishClaims } from './finish.ts';
import { listFiles } from './read.ts';
import { appendRawLog } from './raw-log/append.ts';
import { listRawLog } from './raw-log/read.ts';
import type { RawLogEntry } from './raw-log/raw-record.ts';
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

const BARS = 'b'.repeat(64);
const recorded: string[] = [];

/** Steps that permit everything and unlink from {@link disk}, but for what a test changes. */
function steps(change: Partial<DeletionSteps> = {}): DeletionSteps {
  return {
    permit: () => Promise.resolve({ barsSha256: BARS, reason: 'test' }),
    unlink: async (path) => void disk.delete(path),
    responsePath: (sha256) => `responses/${sha256}`,
    onRecorded: async (_, { paths }) => void recorded.push(...paths),
    nowMs: () => 0,
    ...change,
  };
}

async function deleteAll(change: Partial<DeletionSteps> = {}): Promise<number> {
  return (await resumeDeletions(trainer, steps(change))).deleted;
}

/** Puts an answer on disk that gave bars to chunks. */
async function answer(sha256: string, chunks: readonly { stream: string; sha256: string }[]): Promise<void> {
  disk.add(`responses/${sha256}`);
  const entries = chunks.map((chunk): RawLogEntry => ({
    kind: 'answer',
    stream: chunk.stream,
    chunk_sha256: chunk.sha256,
    outcome: 'registered',
    source: 'sim',
    request_id: 'r',
    url: 'http://127.0.0.1/',
    status: 200,
    sha256,
    bytes: 1,
    source_clock_ms: null,
    received_ms: 0,
  }));
  await database.db.transaction().execute((trx) => appendRawLog(trx, entries, 0));
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
  assert.equal(await deleteAll(), 2);
  assert.equal(disk.size, 0);
  assert.deepEqual(await isDeleted(stream), [true, true]);
  assert.equal(await deleteAll(), 0);
});

test('a crash between intent and unlink is made good', async () => {
  const stream = 'csv:CRASH1:1m';
  await registerFiles(database.db, stream, 1);
  await finishAndIntend(stream);
  const crash = deleteAll({ unlink: () => Promise.reject(new Error('crash')) });
  await assert.rejects(crash, /crash/);
  assert.equal(disk.size, 1);
  assert.equal(await deleteAll(), 1);
  assert.equal(disk.size, 0);
});

test('a crash after unlink is made good: the same path is asked for again', async () => {
  const stream = 'csv:CRASH2:1m';
  await registerFiles(database.db, stream, 1);
  await finishAndIntend(stream);
  const asked: string[] = [];
  const crash = deleteAll({
    unlink: async (path) => {
      asked.push(path);
      disk.delete(path);
      throw new Error('crash');
    },
  });
  await assert.rejects(crash, /crash/);
  assert.deepEqual(await isDeleted(stream), [false]);
  await deleteAll({ unlink: async (path) => void asked.push(path) });
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
  assert.equal(await deleteAll(), 0);
});

test('bytes that another stream shares stay until the last file of them goes', async () => {
  const { sha256, path } = fileNumber('csv:SHARED:1m', 0);
  for (const stream of ['csv:SHARED1:1m', 'csv:SHARED2:1m']) {
    const file = { ...fileNumber(stream, 0), sha256, path };
    await database.db.transaction().execute((trx) => registerFile(trx, file, null));
  }
  await finishAndIntend('csv:SHARED1:1m');
  assert.equal(await deleteAll(), 1);
  assert.ok(disk.has(path));
  await finishAndIntend('csv:SHARED2:1m');
  assert.equal(await deleteAll(), 1);
  assert.ok(!disk.has(path));
});

test('a registration of the same path waits for a deletion under way', async () => {
  const stream = 'csv:WAIT1:1m';
  await registerFiles(database.db, stream, 1);
  await finishAndIntend(stream);
  const order: string[] = [];
  const unlinking = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const deletion = deleteAll({
    unlink: async () => {
      unlinking.resolve();
      await goOn.promise;
      order.push('unlinked');
    },
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

test('a file whose bars are not safe elsewhere stays, and is looked at again', async () => {
  const stream = 'csv:KEPT:1m';
  await registerFiles(database.db, stream, 2);
  await finishAndIntend(stream);
  const { path } = fileNumber(stream, 0);
  const { deleted, kept } = await resumeDeletions(
    trainer,
    steps({
      permit: (file) =>
        Promise.resolve(file.path === path ? 'no part has it' : { barsSha256: BARS, reason: 'test' }),
    }),
  );
  assert.deepEqual([deleted, kept.map(({ why }) => why)], [1, ['no part has it']]);
  assert.ok(disk.has(path));
  assert.deepEqual(await isDeleted(stream), [false, true]);
  assert.equal(await deleteAll(), 1);
  assert.ok(!disk.has(path));
});

test('a deletion is on the raw log before a byte goes, once, whatever crashes', async () => {
  const stream = 'csv:RECORD:1m';
  await registerFiles(database.db, stream, 1);
  const { path, sha256 } = fileNumber(stream, 0);
  await finishAndIntend(stream);
  const deletions = async () =>
    (await listRawLog(trainer, undefined)).filter(({ body }) => body.includes(sha256));
  const crash = deleteAll({
    unlink: async () => {
      assert.equal((await deletions()).length, 1);
      throw new Error('crash');
    },
  });
  await assert.rejects(crash, /crash/);
  assert.equal(await deleteAll(), 1);
  const [deletion, ...others] = await deletions();
  assert.equal(others.length, 0);
  const { paths, bars_sha256: bars, reason } = JSON.parse(deletion!.body) as Record<string, unknown>;
  assert.deepEqual([paths, bars, reason], [[path], BARS, 'test']);
  assert.equal(recorded.filter((each) => each === path).length, 1);
});

test('answers go with their chunk, and stay for another one that they gave bars to', async () => {
  const stream = 'sim:ANSWERS:1m';
  await registerFiles(database.db, stream, 2);
  const [first, second] = [fileNumber(stream, 0), fileNumber(stream, 1)];
  await answer('1'.repeat(64), [first]);
  await answer('2'.repeat(64), [first, second]);
  const claims = await claimFiles(trainer, { claimer: 'test', stream, limit: 10 });
  await trainer.transaction().execute((trx) => finishClaims(trx, claims));
  const intend = (index: number) =>
    trainer.transaction().execute((trx) => intendDeletion(trx, [claims[index]!.file_id]));
  await intend(0);
  await deleteAll();
  assert.deepEqual(
    [disk.has(`responses/${'1'.repeat(64)}`), disk.has(`responses/${'2'.repeat(64)}`)],
    [false, true],
  );
  await intend(1);
  await deleteAll();
  assert.ok(!disk.has(`responses/${'2'.repeat(64)}`));
});

test('an answer that came to be needed between record and removal stays', async () => {
  const stream = 'sim:LATE:1m';
  await registerFiles(database.db, stream, 2);
  const [first, second] = [fileNumber(stream, 0), fileNumber(stream, 1)];
  const sha256 = '3'.repeat(64);
  await answer(sha256, [first]);
  const claims = await claimFiles(trainer, { claimer: 'test', stream, limit: 1 });
  await trainer.transaction().execute(async (trx) => {
    await finishClaims(trx, claims);
    await intendDeletion(trx, [claims[0]!.file_id]);
  });
  const crash = deleteAll({ unlink: () => Promise.reject(new Error('crash')) });
  await assert.rejects(crash, /crash/);
  await answer(sha256, [second]);
  assert.equal(await deleteAll(), 1);
  assert.ok(disk.has(`responses/${sha256}`));
});

test('however many files must stay, those behind them go', async () => {
  const held = 1_000;
  await database.db.transaction().execute(async (trx) => {
    await sql`
      INSERT INTO ledger.file (stream, sha256, path, rows, bytes, first_open_at, last_open_at)
      SELECT 'csv:STAY:1m', encode(sha256(n::text::bytea), 'hex'), 'raw/' || n, 1, 1, to_timestamp(n), to_timestamp(n)
      FROM generate_series(1, ${held}::int) AS n`.execute(trx);
  });
  const finish = async (stream: string): Promise<void> => {
    const claims = await claimFiles(trainer, { claimer: 'test', stream, limit: held });
    await trainer.transaction().execute(async (trx) => {
      await finishClaims(trx, claims);
      const ids = claims.map(({ file_id }) => file_id);
      await intendDeletion(trx, ids);
    });
  };
  await finish('csv:STAY:1m');
  await registerFiles(database.db, 'csv:BEHIND:1m', 1);
  await finish('csv:BEHIND:1m');
  const { deleted, kept } = await resumeDeletions(
    trainer,
    steps({
      permit: ({ stream }) =>
        Promise.resolve(stream === 'csv:STAY:1m' ? 'kept' : { barsSha256: BARS, reason: 'test' }),
    }),
  );
  assert.deepEqual([deleted, kept.length], [1, held]);
  await deleteAll();
});

test('the database refuses a deletion that no record tells', async () => {
  const stream = 'csv:UNTOLD:1m';
  await registerFiles(database.db, stream, 1);
  await finishAndIntend(stream);
  const untold = trainer
    .updateTable('ledger.file')
    .set({ deleted_at: new Date(0) })
    .where('stream', '=', stream)
    .execute();
  await assert.rejects(untold, /not on the raw log/);
  await deleteAll();
});
