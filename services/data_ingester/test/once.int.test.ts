// The promise: each bar of a stream is registered once, whoever asks at the same time and whoever dies.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { sql } from 'kysely';
import { allBars, createRig, ingestAll, type IngesterClient, type Rig } from './rig.ts';
import { spawnService, until } from './spawned-service.ts';

const STREAM = 'csv:SP500:1d';
const BARS = 5_105;
const DAY_MS = 86_400_000;

let rig: Rig;
let children: ChildProcess[];
beforeEach(async () => {
  rig = await createRig();
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rig.close();
});

async function spawnOne(more: Record<string, string> = {}) {
  const spawned = await spawnService(rig, more);
  children.push(spawned.child);
  return spawned;
}

async function lakeFiles(kind: string): Promise<string[]> {
  const entries = await readdir(join(rig.folder, 'lake', kind), {
    recursive: true,
    withFileTypes: true,
  }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function assertEachBarOnce(client: IngesterClient): Promise<void> {
  const { files } = await client.files({ query: {} });
  assert.equal(
    files.reduce((sum, file) => sum + file.rows, 0),
    BARS,
  );
  const opens = (await allBars(client, STREAM)).map((bar) => bar.open_ms);
  assert.equal(opens.length, BARS);
  assert.equal(new Set(opens).size, BARS);
  assert.equal((await lakeFiles('raw')).length, files.length);
  const parts = await rig.database.db.selectFrom('market.part').selectAll().execute();
  assert.equal(
    parts.reduce((sum, part) => sum + part.rows, 0),
    BARS,
  );
  const curated = await lakeFiles('curated');
  for (const { path } of parts) assert.ok(curated.includes(join(rig.folder, 'lake', path)));
}

test('calls at the same time take chunks one after the other', async () => {
  const { client } = await rig.start();
  const answers = await Promise.all(Array.from({ length: 8 }, () => client.ingestOnce()));
  const results = answers.flatMap(({ streams }) => streams);
  assert.equal(results.filter(({ status }) => status === 'ingested').length, 6);
  assert.equal(results.filter(({ status }) => status === 'up_to_date').length, 2);
  await assertEachBarOnce(client);
});

test('four processes take each bar once', async () => {
  const running = await Promise.all([1, 2, 3, 4].map(() => spawnOne({ INGEST_CHUNK_BARS: '500' })));
  const results = await Promise.all(running.map(({ client }) => ingestAll(client, STREAM)));
  const statuses = results.flat().map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 'ingested').length, 11);
  assert.ok(statuses.every((status) => status === 'ingested' || status === 'up_to_date'));
  await assertEachBarOnce(running[0]!.client);
});

test('until_ms stops the clock, and going on later leaves nothing out', async () => {
  const { client } = await rig.start();
  const untilMs = Date.UTC(2018, 11, 31, 21);
  const early = await ingestAll(client, STREAM, untilMs);
  assert.equal(early.at(-1)!.watermark_ms, Date.UTC(2018, 11, 31, 5));
  assert.equal(early.at(-1)!.rejected[0]!.reason, 'open_bar');
  const again = await client.ingestOnce({ body: { until_ms: untilMs } });
  assert.equal(again.streams[0]!.status, 'up_to_date');
  await ingestAll(client, STREAM);
  const { files } = await client.files({ query: {} });
  assert.equal(
    files.reduce((sum, file) => sum + file.rows, 0),
    BARS,
  );
});

/** Kills a service between the rename of its files and their registration, which waits for a lock that this holds. */
async function killBeforeRegistration(): Promise<void> {
  const { child, client } = await spawnOne();
  await rig.database.db.transaction().execute(async (trx) => {
    await sql`LOCK TABLE market.stream IN SHARE MODE`.execute(trx);
    const call = client.ingestOnce().then(
      () => 'answered',
      () => 'cut off',
    );
    await until(async () => (await lakeFiles('curated')).some((path) => path.endsWith('.parquet')));
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(await call, 'cut off');
  });
}

test('files that a killed process left unregistered are taken over by the next run', async () => {
  await killBeforeRegistration();
  const [orphan] = await lakeFiles('raw');
  assert.ok(orphan);
  const { client } = await rig.start();
  assert.deepEqual((await client.files({ query: {} })).files, []);
  await ingestAll(client, STREAM);
  await assertEachBarOnce(client);
  assert.ok((await lakeFiles('raw')).includes(orphan));
});

test('old unregistered files are removed at the start, and their bars come again', async () => {
  await killBeforeRegistration();
  const longAgo = new Date(Date.now() - DAY_MS);
  const orphans = [...(await lakeFiles('raw')), ...(await lakeFiles('curated'))];
  assert.ok(orphans.length >= 2);
  for (const path of orphans) await utimes(path, longAgo, longAgo);
  const { client } = await rig.start();
  assert.deepEqual([...(await lakeFiles('raw')), ...(await lakeFiles('curated'))], []);
  await ingestAll(client, STREAM);
  await assertEachBarOnce(client);
});

/** Whether a registration waits for the table that a test holds. */
async function waitsForLock(): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
    AND usename = 'aistock_data_ingester' AND wait_event_type = 'Lock'`.execute(rig.database.db);
  return rows.length > 0;
}

test('a database that goes away in the middle of a request leaves nothing half done', async () => {
  const { client } = await rig.start();
  const { db } = rig.database;
  let call: Promise<unknown> | undefined;
  await db.transaction().execute(async (trx) => {
    await sql`LOCK TABLE market.stream IN SHARE MODE`.execute(trx);
    call = client.ingestOnce().catch((error: unknown) => error);
    await until(() => waitsForLock());
    await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND usename = 'aistock_data_ingester'`.execute(trx);
  });
  const error = (await call) as Error & { status: number; problem: { code: string } };
  assert.equal(error.status, 503);
  assert.equal(error.problem.code, 'database_unavailable');
  assert.deepEqual((await client.files({ query: {} })).files, []);
  await ingestAll(client, STREAM);
  await assertEachBarOnce(client);
});
