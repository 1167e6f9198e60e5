import assert from 'node:assert/strict';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { isAlive, waitUntil } from './postmaster.ts';
import { startPostgres } from './start-postgres.ts';
import { stopPostgres } from './stop-postgres.ts';

const PASSWORD = 'test p@ssword/with:signs';

let home: string;
let port: number;
const dataDir = () => join(home, 'postgres');
const start = (changes: { port?: number; password?: string } = {}) =>
  startPostgres({ dataDir: dataDir(), port, password: PASSWORD, database: 'aistock', ...changes });

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'aistock-embedded-'));
  port = await freePort();
});
after(async () => {
  await stopPostgres(dataDir());
  await rm(home, { recursive: true, force: true });
});

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows as unknown[];
  } finally {
    await client.end();
  }
}

test('a new cluster has the database, durable settings and a password', async () => {
  const server = await start();
  assert.equal(server.adopted, false);
  assert.equal(await realpath(dataDir()), join(await realpath(home), 'postgres'));
  assert.deepEqual(await query(server.url, 'SHOW fsync'), [{ fsync: 'on' }]);
  assert.deepEqual(await query(server.url, 'SHOW listen_addresses'), [{ listen_addresses: '127.0.0.1' }]);
  const wrong = new URL(server.url);
  wrong.password = 'wrong';
  await assert.rejects(query(wrong.href, 'SELECT 1'), { code: '28P01' });
  await query(server.url, 'CREATE TABLE kept AS SELECT 7 AS n');
});

test('a server that still runs is adopted', async () => {
  const server = await start();
  assert.equal(server.adopted, true);
  assert.deepEqual(await query(server.url, 'SELECT n FROM kept'), [{ n: 7 }]);
});

test('a running server on another port is stopped first', async () => {
  const old = await start();
  const moved = await start({ port: await freePort() });
  assert.equal(moved.adopted, false);
  assert.equal(isAlive(old.pid), false);
  await moved.stop();
});

test('after kill -9 everything that was committed is there', async () => {
  const server = await start();
  await query(server.url, 'UPDATE kept SET n = n + 1');
  process.kill(server.pid, 'SIGKILL');
  assert.ok(await waitUntil(() => !isAlive(server.pid), 5_000));
  const again = await start();
  assert.equal(again.adopted, false);
  assert.deepEqual(await query(again.url, 'SELECT n FROM kept'), [{ n: 8 }]);
  await again.stop();
});

test('a pid file that names a foreign process does not keep it from starting', async () => {
  const server = await start();
  const pidFile = join(dataDir(), 'postmaster.pid');
  const text = await readFile(pidFile, 'utf8');
  await server.stop();
  await writeFile(pidFile, text.replace(String(server.pid), String(process.pid)));
  const again = await start();
  assert.deepEqual(await query(again.url, 'SELECT n FROM kept'), [{ n: 8 }]);
  await again.stop();
});

test('a start with another password fails and leaves nothing running', async () => {
  await assert.rejects(start({ password: 'another' }), { code: '28P01' });
  assert.equal(await stopPostgres(dataDir()), false);
});
