import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Db, openDatabase } from '@aistock/database';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { type RawBuilder, sql } from 'kysely';
import { claimFiles } from './claim.ts';
import { finishClaims } from './finish.ts';
import { leaseRunsOut, registerFiles } from './test-files.ts';

const REFUSED = { code: '23000' };
const DENIED = { code: '42501' };
const LEASE = sql`lease_until = clock_timestamp() + interval '5 seconds'`;
const CLAIM = sql`status = 'processing', claimed_by = 'me', ${LEASE}`;

let database: TestDatabase;
let ingester: Db;
let trainer: Db;
let files = 0;

before(async () => {
  database = await createTestDatabase();
  ingester = openDatabase({ url: database.url('data_ingester'), applicationName: 'test' });
  trainer = openDatabase({ url: database.url('ml_service'), applicationName: 'test' });
});
after(async () => {
  await Promise.all([ingester.destroy(), trainer.destroy()]);
  await database.drop();
});

type State = 'downloaded' | 'processing' | 'expired' | 'processed' | 'quarantined' | 'failed';

/** A file in a state, reached by legal steps. */
async function fileIn(state: State): Promise<string> {
  files += 1;
  const stream = `csv:GUARD${files}:1m`;
  const [id = ''] = await registerFiles(database.db, stream, 1);
  if (state === 'downloaded') return id;
  const leaseMs = state === 'expired' ? 1 : 30_000;
  const claims = await claimFiles(trainer, { claimer: 'me', stream, limit: 1, leaseMs });
  if (state === 'expired') await leaseRunsOut(trainer, id);
  if (state === 'processed') await trainer.transaction().execute((trx) => finishClaims(trx, claims));
  if (state === 'quarantined' || state === 'failed') {
    await update(id, sql`status = ${state}, lease_until = NULL, reason = 'test'`);
  }
  return id;
}

function update(id: string, changes: RawBuilder<unknown>) {
  return sql`UPDATE ledger.file SET ${changes} WHERE file_id = ${id}`.execute(trainer);
}

const ILLEGAL: [State, string, RawBuilder<unknown>][] = [
  ['downloaded', 'processed without a claim', sql`status = 'processed', claimed_by = 'me'`],
  ['downloaded', 'failed without an attempt', sql`status = 'failed', reason = 'x'`],
  ['downloaded', 'claimed without a new epoch', sql`${CLAIM}, attempts = attempts + 1`],
  ['downloaded', 'claimed without counting', sql`${CLAIM}, claim_epoch = claim_epoch + 1`],
  ['downloaded', 'epoch jumps', sql`${CLAIM}, claim_epoch = claim_epoch + 2, attempts = attempts + 1`],
  ['downloaded', 'epoch without a claim', sql`claim_epoch = claim_epoch + 1`],
  [
    'downloaded',
    'a lease without end',
    sql`status = 'processing', claimed_by = 'me', lease_until = 'infinity',
      claim_epoch = claim_epoch + 1, attempts = attempts + 1`,
  ],
  [
    'processing',
    'taken over while the lease runs',
    sql`${CLAIM}, claim_epoch = claim_epoch + 1, attempts = attempts + 1`,
  ],
  ['processing', 'renewed by another', sql`claimed_by = 'you', ${LEASE}`],
  ['processing', 'finished by another', sql`status = 'processed', claimed_by = 'you', lease_until = NULL`],
  ['processing', 'epoch goes back', sql`claim_epoch = claim_epoch - 1`],
  [
    'processing',
    'deleted as it finishes',
    sql`status = 'processed', lease_until = NULL, deleted_at = clock_timestamp()`,
  ],
  ['expired', 'finished after the lease', sql`status = 'processed', lease_until = NULL`],
  ['expired', 'renewed after the lease', LEASE],
  ['processed', 'back to downloaded', sql`status = 'downloaded'`],
  ['processed', 'claimed again', sql`${CLAIM}, claim_epoch = claim_epoch + 1, attempts = attempts + 1`],
  ['processed', 'deleted without an intent', sql`deleted_at = clock_timestamp()`],
  ['processed', 'given another claimer', sql`claimed_by = 'you'`],
  ['quarantined', 'let out', sql`status = 'downloaded'`],
  ['failed', 'let out', sql`status = 'downloaded', attempts = 0`],
];

for (const [state, name, changes] of ILLEGAL) {
  test(`Postgres refuses: ${state} file ${name}`, async () => {
    await assert.rejects(update(await fileIn(state), changes), REFUSED);
  });
}

test('what was registered stays as it is, even for the superuser', async () => {
  const id = await fileIn('downloaded');
  for (const change of [
    sql`sha256 = ${'0'.repeat(64)}`,
    sql`rows = 1`,
    sql`path = 'x'`,
    sql`last_open_at = now()`,
  ]) {
    const edit = sql`UPDATE ledger.file SET ${change} WHERE file_id = ${id}`;
    await assert.rejects(edit.execute(trainer), DENIED);
    await assert.rejects(edit.execute(database.db), REFUSED);
  }
});

test('nobody removes files, watermarks or history', async () => {
  await fileIn('processed');
  for (const table of ['file', 'watermark', 'transition']) {
    const name = sql.table(`ledger.${table}`);
    for (const removal of [sql`DELETE FROM ${name}`, sql`TRUNCATE ${name} CASCADE`]) {
      await assert.rejects(removal.execute(database.db), REFUSED);
      await assert.rejects(removal.execute(trainer), DENIED);
      await assert.rejects(removal.execute(ingester), DENIED);
    }
  }
  await assert.rejects(sql`UPDATE ledger.transition SET claimed_by = 'x'`.execute(database.db), REFUSED);
});

test('a file starts unclaimed, and only the ingester registers', async () => {
  const values = sql`(stream, sha256, path, rows, bytes, first_open_at, last_open_at, status, claim_epoch)
    VALUES ('csv:NEW:1m', ${'a'.repeat(64)}, 'raw/a', 1, 1, now(), now(), 'downloaded', 7)`;
  await assert.rejects(sql`INSERT INTO ledger.file ${values}`.execute(ingester), REFUSED);
  await assert.rejects(sql`INSERT INTO ledger.file ${values}`.execute(trainer), DENIED);
});

test('a watermark only moves forward', async () => {
  await fileIn('downloaded');
  await assert.rejects(sql`UPDATE ledger.watermark SET open_at = open_at`.execute(ingester), REFUSED);
});

test('only processed files can be meant for deletion', async () => {
  for (const state of ['downloaded', 'processing', 'quarantined', 'failed'] as const) {
    const intent = sql`INSERT INTO ledger.deletion (file_id) VALUES (${await fileIn(state)})`;
    await assert.rejects(intent.execute(trainer), REFUSED);
  }
});
