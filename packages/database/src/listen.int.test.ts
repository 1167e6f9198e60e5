import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { sql } from 'kysely';
import { listen } from './listen.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.drop());

/** Counts notices; `until` settles once there were so many. */
function counter() {
  let count = 0;
  const waiting: { readonly at: number; readonly resolve: () => void }[] = [];
  return {
    onNotice: () => {
      count++;
      for (const { at, resolve } of waiting) if (at <= count) resolve();
    },
    until: (at: number): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      if (count >= at) resolve();
      else waiting.push({ at, resolve });
      return promise;
    },
  };
}

const tell = () => sql`SELECT pg_notify('news', '')`.execute(database.db);

test('a notification is heard, also after the connection was cut; each new connection is told of as well', async () => {
  const { onNotice, until } = counter();
  const lost: Error[] = [];
  const url = database.url('ml_service');
  const listener = listen({
    url,
    applicationName: 'listen_test',
    channel: 'news',
    onNotice,
    onLost: (error) => lost.push(error),
  });
  await until(1);
  await tell();
  await until(2);
  await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'listen_test'`.execute(
    database.db,
  );
  await until(3);
  await tell();
  await until(4);
  assert.equal(lost.length, 1);
  await listener.close();
  const { rows } = await sql`SELECT FROM pg_stat_activity WHERE application_name = 'listen_test'`.execute(
    database.db,
  );
  assert.equal(rows.length, 0);
});

test('a listener that never had a connection can be closed', async () => {
  const { promise: told, resolve } = Promise.withResolvers<Error>();
  const listener = listen({
    url: 'postgres://nobody:x@127.0.0.1:1/none',
    applicationName: 'listen_test',
    channel: 'news',
    onNotice: () => assert.fail('there is nobody to hear'),
    onLost: resolve,
  });
  assert.match((await told).message, /ECONNREFUSED/);
  await listener.close();
});
