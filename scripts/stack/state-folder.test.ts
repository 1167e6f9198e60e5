import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { emptyStateFolder, findLeftBehind, openStateFolder, recordProcesses } from './state-folder.ts';

let home = '';
before(async () => {
  home = await mkdtemp(join(tmpdir(), 'aistock-state-'));
});
after(() => rm(home, { recursive: true }));

test('secrets are closed to others', async () => {
  const folder = await openStateFolder(join(home, 'closed'));
  assert.equal((await stat(folder.secrets)).mode & 0o777, 0o700);
});

test('all state goes, also where the database lies behind a link', async () => {
  const folder = await openStateFolder(join(home, 'full'));
  await mkdir(join(home, 'elsewhere'));
  await symlink(join(home, 'elsewhere'), folder.postgres);
  await writeFile(join(folder.lake, 'bars'), 'x');
  await recordProcesses(folder, []);
  await emptyStateFolder(folder.root);
  assert.deepEqual(await readdir(folder.root), ['processes.json']);
  assert.ok(!(await readdir(home)).includes('elsewhere'));
});

test('a folder that holds something else keeps all of it', async () => {
  const folder = await openStateFolder(join(home, 'shared'));
  await writeFile(join(folder.root, 'thesis.txt'), 'x');
  await assert.rejects(emptyStateFolder(folder.root), /thesis\.txt, which is not ours/);
  assert.deepEqual((await readdir(folder.root)).toSorted(), [
    'audit',
    'lake',
    'logs',
    'secrets',
    'thesis.txt',
  ]);
});

test('only processes that still run and are what the record says are left behind', async () => {
  const folder = await openStateFolder(join(home, 'processes'));
  assert.deepEqual(await findLeftBehind(folder), []);
  const here = { name: 'test', pid: process.pid, commandWord: 'state-folder.test.ts' };
  await recordProcesses(folder, [
    here,
    { ...here, commandWord: 'something-else.ts' },
    { ...here, pid: 2 ** 30 },
  ]);
  assert.deepEqual(await findLeftBehind(folder), [here]);
  await writeFile(join(folder.root, 'processes.json'), '[{"na');
  assert.deepEqual(await findLeftBehind(folder), []);
});
