import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase, type Db } from '@aistock/database';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { SourceError } from '@aistock/venues';
import { sql } from 'kysely';
import { postgresPacer } from './postgres-pacer.ts';

let database: TestDatabase;
let db: Db;
before(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url('executor'), applicationName: 'test' });
});
after(async () => {
  await db.destroy();
  await database.drop();
});

test('what the database answers too late is not sent', async () => {
  const pacer = postgresPacer(db, { waitMsMax: { order: 0 } });
  const request = { venue: 'slow', weight: 1, priority: 'order' } as const;
  await pacer.take(request);
  const late = database.db.transaction().execute(async (trx) => {
    await sql`SELECT FROM venue.budget WHERE venue = 'slow' FOR UPDATE`.execute(trx);
    const taken = pacer.take(request);
    taken.catch(() => undefined); // It is awaited after the lock is gone.
    await delay(3_200);
    return { taken };
  });
  await assert.rejects((await late).taken, (error) => {
    assert.ok(error instanceof SourceError);
    assert.equal(error.code, 'budget_unavailable');
    return true;
  });
});
