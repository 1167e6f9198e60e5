// The promise: the bars of one stream mean the same for ever, and no lock outlives the work that it was taken for.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openDatabase, type Db } from '@aistock/database';
import { withStreamLock } from '@aistock/service-kit';
import { sql } from 'kysely';
import { createRig, ingestAll, type Rig } from './rig.ts';

let rig: Rig;
before(async () => {
  rig = await createRig();
  await mkdir(join(rig.folder, 'bars/AAPL'), { recursive: true });
  const days = ['2024-01-02', '2024-01-03', '2024-01-04'].map((day) => `${day},10,11,9,10,1`);
  await writeFile(
    join(rig.folder, 'bars/AAPL/1d.csv'),
    ['date,open,high,low,close,volume', ...days, ''].join('\n'),
  );
});
after(() => rig.close());

/** A file of sources whose one stream is called by a name and described by more words. */
async function described(name: string, more: string): Promise<Record<string, string>> {
  const file = join(rig.folder, 'sources.yaml');
  await writeFile(
    file,
    `sources:
  files: { kind: csv, folder: bars }
streams:
  - { sources: [files], name: ${name}, instruments: [AAPL], timeframes: [1d]${more} }
`,
  );
  return { SOURCES_FILE: file };
}

const rowOf = (stream: string) =>
  rig.database.db.selectFrom('market.stream').selectAll().where('stream', '=', stream).executeTakeFirst();

test('what a stream is goes on record with its first bars', async () => {
  const { client } = await rig.start(await described('told', ", session: regular, tick_size: '0.01'"));
  await ingestAll(client, 'told:AAPL:1d');
  const row = await rowOf('told:AAPL:1d');
  assert.deepEqual(
    [row?.calendar, row?.session, row?.tick_size, row?.feed, row?.adjustment],
    ['xnys', 'regular', '0.01', null, null],
  );
  assert.match(row?.config_hash ?? '', /^[0-9a-f]{64}$/);
});

test('a stream with bars takes no other facts, and says what to do', async () => {
  const first = await rig.start(await described('fixed', ', session: regular'));
  await ingestAll(first.client, 'fixed:AAPL:1d');
  const noted = await rowOf('fixed:AAPL:1d');
  for (const [more, fact] of [
    [', session: extended', 'session'],
    [', session: regular, calendar: always', 'calendar'],
  ] as const) {
    const { client } = await rig.start(await described('fixed', more));
    const [result] = (await client.ingestOnce()).streams;
    assert.equal(result?.status, 'failed');
    assert.equal(result?.problem?.code, 'stream_facts_changed');
    assert.match(result?.problem?.detail ?? '', new RegExp(`${fact} .*give the series a name of its own`));
    assert.deepEqual(await rowOf('fixed:AAPL:1d'), noted);
  }
  const { client } = await rig.start(await described('fixed', ", session: regular, tick_size: '0.05'"));
  assert.equal((await client.ingestOnce()).streams[0]?.status, 'up_to_date');
});

test('a stream that was noted before facts were kept takes the first that it is told', async () => {
  const first = await rig.start(await described('old', ''));
  await ingestAll(first.client, 'old:AAPL:1d');
  await rig.database.db
    .updateTable('market.stream')
    .set({ config_hash: null })
    .where('stream', '=', 'old:AAPL:1d')
    .execute();
  const { client } = await rig.start(await described('old', ', session: extended'));
  assert.equal((await client.ingestOnce()).streams[0]?.status, 'up_to_date');
});

test('a lock ends with the work, with its failure, and with its session', async () => {
  const locks: Db = openDatabase({ url: rig.database.url('data_ingester'), applicationName: 'locks' });
  const stream = 'csv:LOCKED:1m';
  assert.equal(await withStreamLock(locks, { stream, of: 'bars' }, () => Promise.resolve('done')), 'done');
  await assert.rejects(
    withStreamLock(locks, { stream, of: 'bars' }, () => Promise.reject(new Error('broken'))),
    /broken/,
  );
  const held = Promise.withResolvers<void>();
  const cut = withStreamLock(locks, { stream, of: 'bars' }, async () => {
    held.resolve();
    await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'locks'`.execute(
      rig.database.db,
    );
  });
  await held.promise;
  await assert.rejects(cut);
  assert.equal(await withStreamLock(locks, { stream, of: 'bars' }, () => Promise.resolve('again')), 'again');
  await locks.destroy();
});

test('two do not hold the lock of a stream at a time', async () => {
  const locks: Db = openDatabase({ url: rig.database.url('data_ingester'), applicationName: 'locks' });
  let holding = 0;
  const work = async (): Promise<void> => {
    assert.equal(++holding, 1);
    await new Promise(setImmediate);
    holding--;
  };
  await Promise.all(
    Array.from({ length: 8 }, () => withStreamLock(locks, { stream: 'csv:ONE:1m', of: 'bars' }, work)),
  );
  await locks.destroy();
});
