import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { type Db, openDatabase } from '@aistock/database';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { sql } from 'kysely';
import { claimFiles } from './claim.ts';
import { StaleClaim } from './errors.ts';
import { finishClaims, releaseClaims } from './finish.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { LedgerFileRow } from './ledger-file.ts';
import { leaseRunsOut, registerFiles } from './test-files.ts';

const LEASE_MS = 600;

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

async function claimOne(stream: string): Promise<LedgerFileRow> {
  await registerFiles(database.db, stream, 1);
  const [row] = await claimFiles(trainer, { claimer: 'test', stream, limit: 1, leaseMs: LEASE_MS });
  assert.ok(row);
  return row;
}

test('a claim outlives its first lease while the heart beats', async () => {
  const row = await claimOne('csv:BEAT:1m');
  const heartbeat = startHeartbeat(trainer, [row], { leaseMs: LEASE_MS });
  await sql`SELECT pg_sleep_until(${row.lease_until}::timestamptz + interval '300 milliseconds')`.execute(
    trainer,
  );
  assert.equal(heartbeat.signal.aborted, false);
  await trainer.transaction().execute((trx) => finishClaims(trx, [row]));
  await heartbeat.stop();
});

test('a claim that another process has taken aborts the work at once', async () => {
  const row = await claimOne('csv:TAKEN:1m');
  await leaseRunsOut(trainer, row.file_id);
  await claimFiles(trainer, { claimer: 'other', stream: row.stream, limit: 1 });
  const heartbeat = startHeartbeat(trainer, [row], { leaseMs: 30_000 });
  await once(heartbeat.signal, 'abort');
  assert.ok(heartbeat.signal.reason instanceof StaleClaim);
  assert.deepEqual(heartbeat.signal.reason.fileIds, [row.file_id]);
});

test('a lease that cannot be renewed is distrusted before it ends', async () => {
  const row = await claimOne('csv:GONE:1m');
  const unreachable = openDatabase({
    url: 'postgres://nobody:x@127.0.0.1:1/none',
    applicationName: 'test',
  });
  const errors: unknown[] = [];
  const heartbeat = startHeartbeat(unreachable, [row], {
    leaseMs: LEASE_MS,
    onError: (error) => errors.push(error),
  });
  await once(heartbeat.signal, 'abort');
  assert.ok(heartbeat.signal.reason instanceof StaleClaim);
  assert.ok(errors.length >= 2);
  await heartbeat.stop();
  await unreachable.destroy();
});

test('a stopped heart renews nothing more', async () => {
  const row = await claimOne('csv:STOP:1m');
  const heartbeat = startHeartbeat(trainer, [row], { leaseMs: LEASE_MS });
  await heartbeat.stop();
  await leaseRunsOut(trainer, row.file_id);
  assert.equal(heartbeat.signal.aborted, false);
  await releaseClaims(trainer, [row]);
  const claimed = await claimFiles(trainer, { claimer: 'other', stream: row.stream, limit: 1 });
  assert.equal(claimed.length, 1);
});
