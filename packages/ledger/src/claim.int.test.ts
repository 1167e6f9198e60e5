import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Db, openDatabase } from '@aistock/database';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { sql } from 'kysely';
import { ATTEMPTS_MAX, claimFiles, renewClaims } from './claim.ts';
import { failClaims, finishClaims, quarantineClaim, releaseClaims } from './finish.ts';
import type { Claim, LedgerFileRow } from './ledger-file.ts';
import { listFiles } from './read.ts';
import { leaseRunsOut, registerFiles } from './test-files.ts';

let database: TestDatabase;
let trainer: Db;

before(async () => {
  database = await createTestDatabase();
  trainer = openDatabase({ url: database.url('ml_service'), applicationName: 'test' });
});
after(async () => {
  await trainer.destroy();
  await database.drop();
});

const claim = (stream: string, limit = 100, leaseMs = 30_000) =>
  claimFiles(trainer, { claimer: 'first', stream, limit, leaseMs });
const finish = (claims: readonly Claim[]) =>
  trainer.transaction().execute((trx) => finishClaims(trx, claims));

async function claimOne(stream: string, leaseMs = 30_000): Promise<LedgerFileRow> {
  await registerFiles(database.db, stream, 1);
  const [row] = await claim(stream, 1, leaseMs);
  assert.ok(row);
  return row;
}

async function statusOf(stream: string) {
  const [row] = await listFiles(trainer, { stream });
  return row?.status;
}

test('claims come oldest bars first, each file to one claimer', async () => {
  const stream = 'csv:ORDER:1m';
  const ids = await registerFiles(database.db, stream, 5);
  const claims = [...(await claim(stream, 2)), ...(await claim(stream, 10))];
  assert.deepEqual(
    claims.map((row) => row.file_id),
    ids,
  );
  assert.ok(claims.every((row) => row.claim_epoch === 1 && row.attempts === 1));
  assert.deepEqual(await claim(stream), []);
});

test('claimers do not wait for one another', async () => {
  const stream = 'csv:SKIP:1m';
  const ids = await registerFiles(database.db, stream, 2);
  const slow = await trainer.startTransaction().execute();
  await claimFiles(slow, { claimer: 'slow', stream, limit: 1 });
  const other = await claim(stream);
  assert.deepEqual(
    other.map((row) => row.file_id),
    ids.slice(1),
  );
  await slow.rollback().execute();
});

test('a finished file is processed with the results of its transaction', async () => {
  const row = await claimOne('csv:FINISH:1m');
  await finish([row]);
  assert.equal(await statusOf('csv:FINISH:1m'), 'processed');
  await assert.rejects(finish([row]), { name: 'StaleClaim', fileIds: [row.file_id] });
});

test('a claimer whose lease ran out changes nothing, though nobody else has the file', async () => {
  const stream = 'csv:EXPIRED:1m';
  const row = await claimOne(stream, 1);
  await leaseRunsOut(trainer, row.file_id);
  await assert.rejects(finish([row]), { name: 'StaleClaim' });
  assert.deepEqual(await renewClaims(trainer, [row]), new Set());
  await releaseClaims(trainer, [row]);
  await failClaims(trainer, [row], 'no');
  await assert.rejects(quarantineClaim(trainer, row, 'no'), { name: 'StaleClaim' });
  assert.deepEqual(await listFiles(trainer, { stream }), [row]);
});

test('a claimer that was overtaken changes nothing, and the one that has the file finishes', async () => {
  const stream = 'csv:OVERTAKEN:1m';
  const old = await claimOne(stream, 1);
  await leaseRunsOut(trainer, old.file_id);
  const [current] = await claim(stream);
  assert.equal(current?.claim_epoch, 2);
  await assert.rejects(finish([old]), { name: 'StaleClaim' });
  assert.deepEqual(await renewClaims(trainer, [old]), new Set());
  await releaseClaims(trainer, [old]);
  await failClaims(trainer, [old], 'no');
  assert.deepEqual(await listFiles(trainer, { stream }), [current]);
  await finish([current]);
  assert.equal(await statusOf(stream), 'processed');
});

test('one lost claim takes the whole finish back, results included', async () => {
  const stream = 'csv:WHOLE:1m';
  await registerFiles(database.db, stream, 3);
  const claims = await claim(stream);
  await sql`CREATE TABLE IF NOT EXISTS public.whole (file_id uuid)`.execute(database.db);
  const attempt = database.db.transaction().execute(async (trx) => {
    await sql`INSERT INTO public.whole SELECT unnest(${claims.map((row) => row.file_id)}::uuid[])`.execute(
      trx,
    );
    const [first, ...rest] = claims;
    assert.ok(first);
    await finishClaims(trx, [{ ...first, claim_epoch: 0 }, ...rest]);
  });
  await assert.rejects(attempt, { name: 'StaleClaim', fileIds: [claims[0]?.file_id] });
  const written = await sql`SELECT FROM public.whole`.execute(database.db);
  assert.equal(written.rows.length, 0);
  assert.deepEqual(await listFiles(trainer, { stream, status: 'processing' }), claims);
});

test('a released claim goes back without an attempt, and its number is not used again', async () => {
  const stream = 'csv:RELEASE:1m';
  const row = await claimOne(stream);
  await releaseClaims(trainer, [row]);
  const [waiting] = await listFiles(trainer, { stream });
  assert.deepEqual([waiting?.status, waiting?.attempts, waiting?.claimed_by], ['downloaded', 0, null]);
  const [again] = await claim(stream);
  assert.equal(again?.claim_epoch, 2);
});

test('a file that fails too often is failed, with the last reason', async () => {
  const stream = 'csv:FAIL:1m';
  await registerFiles(database.db, stream, 1);
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const claims = await claim(stream);
    assert.equal(claims[0]?.attempts, attempt);
    await failClaims(trainer, claims, `attempt ${attempt}`);
  }
  assert.deepEqual(await claim(stream), []);
  const [row] = await listFiles(trainer, { stream });
  assert.deepEqual([row?.status, row?.reason], ['failed', `attempt ${ATTEMPTS_MAX}`]);
});

test('a file whose claimers all die is failed', async () => {
  const stream = 'csv:DIE:1m';
  await registerFiles(database.db, stream, 1);
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const [row] = await claim(stream, 1, 1);
    await leaseRunsOut(trainer, row?.file_id ?? '');
  }
  assert.deepEqual(await claim(stream), []);
  const [row] = await listFiles(trainer, { stream });
  assert.equal(row?.status, 'failed');
  assert.match(row.reason ?? '', /ran out in each of 5 attempts/);
});

test('a quarantined claim is out for good', async () => {
  const stream = 'csv:CORRUPT:1m';
  const row = await claimOne(stream);
  await quarantineClaim(trainer, row, 'bytes do not fit the hash');
  assert.equal(await statusOf(stream), 'quarantined');
  assert.deepEqual(await claim(stream), []);
});

test('the clock of the client plays no part', async (context) => {
  const row = await claimOne('csv:CLOCK:1m');
  context.mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_600_000 });
  assert.deepEqual(await claim('csv:CLOCK:1m'), []);
  context.mock.timers.setTime(0);
  assert.deepEqual(await renewClaims(trainer, [row]), new Set([row.file_id]));
  await finish([row]);
});

test('every step is in the history, in order', async () => {
  const stream = 'csv:HISTORY:1m';
  const first = await claimOne(stream, 1);
  await leaseRunsOut(trainer, first.file_id);
  await finish(await claim(stream));
  const steps = await trainer
    .selectFrom('ledger.transition')
    .select(['from_status', 'to_status', 'claim_epoch', 'db_role'])
    .where('file_id', '=', first.file_id)
    .orderBy('transition_id')
    .execute();
  const trained = { db_role: 'aistock_ml_service' };
  assert.deepEqual(steps.slice(1), [
    { from_status: 'downloaded', to_status: 'processing', claim_epoch: 1, ...trained },
    { from_status: 'processing', to_status: 'processing', claim_epoch: 2, ...trained },
    { from_status: 'processing', to_status: 'processed', claim_epoch: 2, ...trained },
  ]);
  assert.equal(steps[0]?.from_status, null);
});
