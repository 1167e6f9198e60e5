import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { canonicalJson } from '@aistock/shared';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { sql } from 'kysely';
import { z } from 'zod';
import { ask, post, startSample } from '../test/sample-service.ts';
import { loadConfig } from './config.ts';
import { databaseCheck, emitEvent, openServiceDatabase } from './database.ts';
import { baseEnv } from './env.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.drop());

/** The database as risk_gate opens it, its password apart from its URL. */
function open() {
  const url = new URL(database.url('risk_gate'));
  const password = decodeURIComponent(url.password);
  url.password = '';
  return openServiceDatabase(
    loadConfig(z.object(baseEnv), { DATABASE_URL: url.href, DATABASE_PASSWORD: password }),
  );
}

const event = { kind: 'operator.note', subject: 'order-1', payload: { b: 1, a: ['x'] } } as const;
const outbox = () => database.db.selectFrom('audit.outbox').selectAll().execute();

test('an event is on record with what it tells, or with it goes', async () => {
  const db = open();
  try {
    await assert.rejects(
      db.transaction().execute(async (trx) => {
        await emitEvent(trx, event);
        throw new Error('changed its mind');
      }),
    );
    assert.deepEqual(await outbox(), []);
    const eventId = await db.transaction().execute((trx) => emitEvent(trx, event));
    const [row] = await outbox();
    assert.equal(row?.event_id, eventId);
    assert.deepEqual([row?.kind, row?.subject, row?.service], ['operator.note', 'order-1', 'risk_gate']);
    assert.equal(row?.payload, canonicalJson(event.payload));
  } finally {
    await db.destroy();
  }
});

test('Postgres gone in the middle of a request is 503, changes nothing, and the next request is served', async () => {
  const db = open();
  let cut = true;
  await using service = await startSample({
    checks: [databaseCheck(db)],
    onStop: [{ name: 'database', run: () => db.destroy() }],
    handlers: {
      forever: async () => {
        await db.transaction().execute(async (trx) => {
          await emitEvent(trx, { ...event, subject: 'cut' });
          const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(trx);
          if (cut) await sql`SELECT pg_terminate_backend(${rows[0]?.pid}::int)`.execute(database.db);
          await sql`SELECT 1`.execute(trx);
        });
        return {};
      },
    },
  });
  const away = await ask(`${service.url}/forever`, { method: 'POST' });
  assert.deepEqual([away.status, away.json['code']], [503, 'database_unavailable']);
  assert.ok((await outbox()).every(({ subject }) => subject !== 'cut'));
  cut = false;
  assert.equal((await ask(`${service.url}/forever`, { method: 'POST' })).status, 200);
  assert.equal((await ask(`${service.url}/health`)).json['status'], 'healthy');
});

test('without Postgres a service is unhealthy, and says why in a problem', async () => {
  const config = loadConfig(z.object(baseEnv), { DATABASE_URL: 'postgres://x@127.0.0.1:1/x' });
  const db = openServiceDatabase(config);
  await using service = await startSample({
    checks: [databaseCheck(db)],
    onStop: [{ name: 'database', run: () => db.destroy() }],
    handlers: {
      forever: async () => {
        await sql`SELECT 1`.execute(db);
        return {};
      },
    },
  });
  const health = await ask(`${service.url}/health`);
  assert.deepEqual([health.status, health.json['status']], [503, 'unhealthy']);
  assert.equal((await ask(`${service.url}/ready`)).status, 503);
  const call = await ask(`${service.url}/forever`, post(''));
  assert.deepEqual([call.status, call.json['code']], [503, 'database_unavailable']);
});
