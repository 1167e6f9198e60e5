import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import {
  EMPTY_ROOT,
  openCheckpoint,
  parseVerifierKey,
  splitCheckpoints,
  verifyInclusion,
} from '@aistock/audit-log';
import { CallError } from '@aistock/shared';
import { sql } from 'kysely';
import { AuditorFixture, emit } from './auditor.fixture.ts';

let fixture: AuditorFixture;
beforeEach(async () => {
  fixture = await AuditorFixture.create();
});
afterEach(() => fixture.remove());

test('an empty record has a signed checkpoint and verifies', async () => {
  const auditor = await fixture.start();
  assert.deepEqual(await auditor.verify(), {
    verified: true,
    events: 0,
    root: EMPTY_ROOT,
    waiting: 0,
    first_bad: null,
  });
  const { size, note, verifier_key } = await auditor.checkpoint();
  assert.equal(size, 0);
  assert.equal(openCheckpoint(note, parseVerifierKey(verifier_key)).root, EMPTY_ROOT);
});

test('events come on the record in order, signed by their service, each with a proof', async () => {
  const auditor = await fixture.start();
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) ids.push(await emit(fixture.emitter, `order ${i}`, { i, price: '1.50' }));
  const result = await auditor.verify();
  assert.equal(result.verified, true);
  const { entries, next_from } = await auditor.events({ query: {} });
  assert.equal(next_from, null);
  assert.deepEqual(
    entries.map((entry) => [entry.index, entry.event_id, entry.service]),
    ids.map((id, i) => [i, id, 'executor']),
  );
  const body = JSON.parse(entries[1]?.body ?? '') as Record<string, unknown>;
  assert.deepEqual(body['payload'], { i: 1, price: '1.50' });
  assert.equal(body['prev_sha256'], entries[0]?.leaf_sha256);

  const { size, root } = await auditor.checkpoint();
  assert.deepEqual([size, root], [5, result.root]);
  for (const { index, leaf_sha256 } of entries) {
    const proof = await auditor.proof({ params: { index: String(index) } });
    assert.ok(verifyInclusion({ index, size, leaf: leaf_sha256, root, path: proof.path }));
  }
  await assert.rejects(auditor.proof({ params: { index: '5' } }), { status: 404 });
});

test('a note of an operator is on the record with who and why', async () => {
  const auditor = await fixture.start();
  const { event_id } = await auditor.note({
    body: { subject: 'limits', by: 'ada', reason: 'checked by hand' },
  });
  await auditor.verify();
  const { entries } = await auditor.events({ query: { kind: 'operator.note' } });
  assert.equal(entries[0]?.event_id, event_id);
  assert.deepEqual((JSON.parse(entries[0]?.body ?? '') as { payload: unknown }).payload, {
    by: 'ada',
    reason: 'checked by hand',
  });
});

test('entries are paged, and found by kind and subject', async () => {
  const auditor = await fixture.start();
  for (let i = 0; i < 7; i++) await emit(fixture.emitter, `order ${i % 2}`);
  await auditor.verify();
  const first = await auditor.events({ query: { limit: '3' } });
  assert.deepEqual(
    first.entries.map((entry) => entry.index),
    [0, 1, 2],
  );
  const second = await auditor.events({ query: { limit: '3', from: String(first.next_from) } });
  assert.deepEqual(
    second.entries.map((entry) => entry.index),
    [3, 4, 5],
  );
  const odd = await auditor.events({ query: { subject: 'order 1' } });
  assert.deepEqual(
    odd.entries.map((entry) => entry.index),
    [1, 3, 5],
  );
});

test('a transaction that commits late is not lost, though later ones are on the record already', async () => {
  const auditor = await fixture.start();
  const late = await fixture.emitter.startTransaction().execute();
  const lateId = await emit(late, 'late');
  for (let i = 0; i < 3; i++) await emit(fixture.emitter, `early ${i}`);
  assert.equal((await auditor.verify()).events, 3);
  await late.commit().execute();
  const result = await auditor.verify();
  assert.deepEqual([result.verified, result.events], [true, 4]);
  assert.equal((await auditor.events({ query: { from: '3' } })).entries[0]?.event_id, lateId);
});

test('a transaction that rolls back leaves nothing on the record', async () => {
  const auditor = await fixture.start();
  const undone = await fixture.emitter.startTransaction().execute();
  await emit(undone, 'undone');
  await undone.rollback().execute();
  assert.equal((await auditor.verify()).events, 0);
});

test('a payload that is no JSON does not stop the record', async () => {
  const auditor = await fixture.start();
  await emit(fixture.emitter, 'broken', 'not json');
  await emit(fixture.emitter, 'huge number', '{"n":1e999}');
  await emit(fixture.emitter, 'fine');
  assert.deepEqual(
    [(await auditor.verify()).verified, (await auditor.events({ query: {} })).entries.length],
    [true, 3],
  );
});

test('many emitters at once: every event once, in batches, with a checkpoint file that fits', async () => {
  const auditor = await fixture.start();
  const emitters = Array.from({ length: 8 }, async (_, emitter) => {
    const ids: string[] = [];
    for (let i = 0; i < 60; i++) ids.push(await emit(fixture.emitter, `${emitter} ${i}`));
    return ids;
  });
  const verifications = Promise.all(Array.from({ length: 5 }, () => auditor.verify()));
  const ids = (await Promise.all(emitters)).flat();
  for (const { verified } of await verifications) assert.equal(verified, true);
  const result = await auditor.verify();
  assert.deepEqual([result.verified, result.events, result.waiting], [true, ids.length, 0]);
  const recorded = (await auditor.events({ query: { limit: '1000' } })).entries.map(
    (entry) => entry.event_id,
  );
  assert.deepEqual(recorded.toSorted(), ids.toSorted());

  const { note, verifier_key } = await auditor.checkpoint();
  const { notes } = splitCheckpoints(
    await readFile(join(fixture.folder, 'audit', 'checkpoints.txt'), 'utf8'),
  );
  assert.equal(notes.at(-1), note);
  const sizes = notes.map((each) => openCheckpoint(each, parseVerifierKey(verifier_key)).size);
  assert.deepEqual(
    sizes,
    sizes.toSorted((a, b) => a - b),
  );
});

test('the record goes on where it was after a restart, with the same key', async () => {
  const before = await fixture.start();
  await emit(fixture.emitter, 'before');
  await before.verify();
  const key = (await before.checkpoint()).verifier_key;
  await fixture.stop();
  await emit(fixture.emitter, 'between');
  const after = await fixture.start();
  const result = await after.verify();
  assert.deepEqual([result.verified, result.events], [true, 2]);
  assert.equal((await after.checkpoint()).verifier_key, key);
});

test('the tables refuse every change, to the service and to their owner', async () => {
  const auditor = await fixture.start();
  await emit(fixture.emitter, 'kept');
  await auditor.verify();
  const asOwner = fixture.database.db;
  for (const table of ['entry', 'checkpoint'].map((name) => sql.id('audit', name))) {
    for (const change of [sql`DELETE FROM ${table}`, sql`TRUNCATE ${table}`])
      await assert.rejects(change.execute(asOwner), /append-only/);
  }
  await assert.rejects(sql`UPDATE audit.entry SET body = 'x'`.execute(asOwner), /append-only/);
  await assert.rejects(sql`UPDATE audit.checkpoint SET root = root`.execute(asOwner), /append-only/);
  await assert.rejects(
    asOwner.transaction().execute(async (trx) => {
      await sql`SET LOCAL session_replication_role = 'replica'`.execute(trx);
      await sql`DELETE FROM audit.entry`.execute(trx);
    }),
    /append-only/,
  );
  await assert.rejects(sql`SELECT * FROM audit.entry`.execute(fixture.emitter), /permission denied/);
  await assert.rejects(sql`DELETE FROM audit.outbox`.execute(fixture.emitter), /permission denied/);
  assert.equal((await auditor.verify()).verified, true);
});

test('bad input gets a problem and leaves nothing on the record', async () => {
  const auditor = await fixture.start();
  const wrong = [
    auditor.events({ query: { from: '-1' } }),
    auditor.events({ query: { limit: '1001' } }),
    auditor.proof({ params: { index: 'x' } }),
    auditor.note({ body: { subject: '', by: 'ada', reason: 'why not' } }),
    auditor.note({ body: { subject: 'x', by: 'ada', reason: 'no' } }),
  ];
  for (const call of wrong)
    await assert.rejects(
      call,
      (error) => error instanceof CallError && error.problem?.code === 'invalid_request',
    );
  assert.equal((await auditor.verify()).events, 0);
});

test('a wrong configuration is refused at the start', async () => {
  await fixture.start();
  await fixture.stop();
  const { createApp } = await import('./app.ts');
  await assert.rejects(createApp({ ...fixture.env, AUDIT_ORIGIN: 'another.example/log' }), {
    name: 'ConfigError',
  });
  await assert.rejects(createApp({ ...fixture.env, DRAIN_INTERVAL_MS: 'soon' }), { name: 'ConfigError' });
});
