// What a superuser can do to the tables behind the back of the triggers is found, and named.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { append, EMPTY_FRONTIER, FIRST_PREVIOUS, formatEntry } from '@aistock/audit-log';
import type { Db } from '@aistock/database';
import type { auditorApi, Client, operationsApi } from '@aistock/shared';
import { sql } from 'kysely';
import { AuditorFixture, emit } from './auditor.fixture.ts';

const FIRST_BATCH = 10;
const EVENTS = 16;
const POLL_MS = 20;

let fixture: AuditorFixture;
let auditor: Client<typeof auditorApi> & Client<typeof operationsApi>;
beforeEach(async () => {
  fixture = await AuditorFixture.create();
  auditor = await fixture.start();
  for (let i = 0; i < FIRST_BATCH; i++) await emit(fixture.emitter, `order ${i}`);
  await auditor.verify();
  for (let i = FIRST_BATCH; i < EVENTS; i++) await emit(fixture.emitter, `order ${i}`);
  await auditor.verify();
});
afterEach(() => fixture.remove());

/** Changes the tables as a superuser who switches the triggers off and on again. */
async function tamper(change: (db: Db) => Promise<unknown>): Promise<void> {
  await fixture.database.db.transaction().execute(async (trx) => {
    for (const table of ['entry', 'checkpoint'].map((name) => sql.id('audit', name))) {
      await sql`ALTER TABLE ${table} DISABLE TRIGGER ALL`.execute(trx);
    }
    await change(trx);
  });
}

async function firstBad(): Promise<number | undefined> {
  const { verified, first_bad } = await auditor.verify();
  assert.equal(verified, first_bad === null);
  return first_bad?.index;
}

const EDITS = {
  'the body': sql`UPDATE audit.entry SET body = replace(body, '1.5', '9.5') WHERE entry_index = 7`,
  'a column': sql`UPDATE audit.entry SET subject = 'another' WHERE entry_index = 7`,
  'the time': sql`UPDATE audit.entry SET occurred_at = occurred_at + interval '1 second' WHERE entry_index = 7`,
  'the leaf hash': sql`UPDATE audit.entry SET subtree_hashes[1] = ${FIRST_PREVIOUS} WHERE entry_index = 7`,
  'a hash of the tree': sql`UPDATE audit.entry SET subtree_hashes[3] = ${FIRST_PREVIOUS} WHERE entry_index = 7`,
  'its place': sql`UPDATE audit.entry SET entry_index = 99 WHERE entry_index = 7`,
  'its being there': sql`DELETE FROM audit.entry WHERE entry_index = 7`,
};
for (const [what, edit] of Object.entries(EDITS)) {
  test(`an entry of which ${what} was changed is named, and health says so`, async () => {
    await tamper((db) => edit.execute(db));
    assert.equal(await firstBad(), 7);
    await assert.rejects(auditor.health(), { status: 503 });
  });
}

test('the metric follows a verification, whoever asked for it', async () => {
  await fixture.stop();
  auditor = await fixture.start({ DRAIN_INTERVAL_MS: String(POLL_MS) });
  const metric = async () => {
    const text = await (await fetch(`${fixture.url}/metrics`)).text();
    return /^audit_verified(?:\{.*\})? (\d)$/m.exec(text)?.[1];
  };
  while ((await metric()) !== '1') await setTimeout(POLL_MS);
  await tamper((db) => EDITS['the body'].execute(db));
  await firstBad();
  while ((await metric()) !== '0') await setTimeout(POLL_MS);
});

test('a record cut at its end is found, and nothing is appended where entries were', async () => {
  await tamper((db) => sql`DELETE FROM audit.entry WHERE entry_index >= 12`.execute(db));
  await emit(fixture.emitter, 'after the cut');
  const result = await auditor.verify();
  assert.deepEqual([result.verified, result.first_bad?.index, result.waiting], [false, 12, 1]);
});

test('a cut that takes the checkpoints of the database along is found by those outside of it, also after a restart', async () => {
  await tamper(async (db) => {
    await sql`DELETE FROM audit.entry WHERE entry_index >= ${FIRST_BATCH}`.execute(db);
    await sql`DELETE FROM audit.checkpoint WHERE tree_size > ${FIRST_BATCH}`.execute(db);
  });
  assert.equal(await firstBad(), FIRST_BATCH);
  await fixture.stop();
  auditor = await fixture.start();
  assert.equal(await firstBad(), FIRST_BATCH);
});

test('a rewrite of everything with hashes made anew is found by the signed checkpoints outside of the database', async () => {
  await tamper(rewriteAll);
  assert.equal(await firstBad(), 0);
  await emit(fixture.emitter, 'after the rewrite');
  assert.equal((await auditor.verify()).waiting, 1);
});

test('a checkpoint of the database with another root or note is found', async () => {
  await tamper((db) =>
    sql`UPDATE audit.checkpoint SET root = ${FIRST_PREVIOUS} WHERE tree_size = ${EVENTS}`.execute(db),
  );
  assert.equal(await firstBad(), EVENTS - 1);
});

test('a database whose audit directory is gone is not signed anew', async () => {
  await fixture.stop();
  await rm(join(fixture.folder, 'audit'), { recursive: true });
  auditor = await fixture.start();
  assert.equal((await auditor.verify()).verified, false);
});

test('a file of checkpoints that goes away while the auditor runs is found', async () => {
  await rm(join(fixture.folder, 'audit', 'checkpoints.txt'));
  assert.equal(await firstBad(), 0);
});

/** Tells another story with everything in the database made to fit it: all but the signatures. */
async function rewriteAll(db: Db): Promise<void> {
  const rows = await db.selectFrom('audit.entry').selectAll().orderBy('entry_index').execute();
  await sql`DELETE FROM audit.entry`.execute(db);
  await sql`DELETE FROM audit.checkpoint`.execute(db);
  let previous = FIRST_PREVIOUS;
  let frontier = EMPTY_FRONTIER;
  for (const { entry_index: index, event_id, kind, subject, service, occurred_at } of rows) {
    const occurred_ms = occurred_at.getTime();
    const payload = { price: '9.5' };
    const entry = formatEntry({
      index,
      event_id,
      kind,
      subject,
      service,
      occurred_ms,
      payload,
      prev_sha256: previous,
    });
    const step = append(frontier, entry.leaf_sha256);
    [frontier, previous] = [step.frontier, entry.leaf_sha256];
    const subtree_hashes = [...step.completed];
    await db
      .insertInto('audit.entry')
      .values({
        entry_index: index,
        event_id,
        kind,
        subject,
        service,
        occurred_at,
        body: entry.body,
        subtree_hashes,
      })
      .execute();
  }
}
