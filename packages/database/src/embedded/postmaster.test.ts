import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parsePidFile, readPostmaster, runningPostmaster } from './postmaster.ts';

const RUNNING = '4711\n/data/pg\n1795220000\n5433\n\n127.0.0.1\n  1234567         3\nready   \n';

test('a pid file tells process, port and readiness', () => {
  assert.deepEqual(parsePidFile(RUNNING), { pid: 4711, port: 5433, ready: true });
  assert.deepEqual(parsePidFile(RUNNING.replace('ready', 'starting')), {
    pid: 4711,
    port: 5433,
    ready: false,
  });
});

test('a file that was cut names no server', () => {
  for (const text of ['', '47', 'x\n/data\n1\n5433\n', '-1\n/data\n1\n5433\n']) {
    assert.equal(parsePidFile(text), undefined);
  }
});

test('waiting for a server leaves the file that it is just making; asking who runs removes what is dead', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'aistock-postmaster-'));
  t.after(() => rm(dataDir, { recursive: true }));
  const path = join(dataDir, 'postmaster.pid');
  await writeFile(path, '');
  assert.equal(await readPostmaster(dataDir), undefined);
  assert.equal(await readFile(path, 'utf8'), '');
  assert.equal(await runningPostmaster(dataDir), undefined);
  await assert.rejects(readFile(path), { code: 'ENOENT' });
});
