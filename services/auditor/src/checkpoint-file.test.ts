import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { EMPTY_ROOT, signCheckpoint } from '@aistock/audit-log';
import { CheckpointFile } from './checkpoint-file.ts';

const signer = { name: 'example.com/audit', key: generateKeyPairSync('ed25519').privateKey };
const noteOf = (size: number) => signCheckpoint({ size, root: EMPTY_ROOT }, signer);

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoints-'));
  path = join(folder, 'checkpoints.txt');
});
afterEach(() => rm(folder, { recursive: true }));

test('notes come back in order, also after the file was opened again', async () => {
  const file = await CheckpointFile.open(path);
  await file.append(noteOf(0));
  await file.append(noteOf(1));
  const again = await CheckpointFile.open(path);
  await again.append(noteOf(2));
  assert.deepEqual(await again.read(), { notes: [0, 1, 2].map(noteOf), intact: true });
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test('what a write that broke off left behind is overwritten by the next note', async () => {
  await (await CheckpointFile.open(path)).append(noteOf(0));
  await appendFile(path, noteOf(7).slice(0, 60));
  const file = await CheckpointFile.open(path);
  assert.deepEqual(await file.read(), { notes: [noteOf(0)], intact: true });
  await file.append(noteOf(1));
  assert.equal(await readFile(path, 'utf8'), `${noteOf(0)}\n${noteOf(1)}\n`);
});

test('a file that has lost notes says so', async () => {
  const file = await CheckpointFile.open(path);
  await file.append(noteOf(0));
  await file.append(noteOf(1));
  await truncate(path, noteOf(0).length);
  assert.equal((await file.read()).intact, false);
  await writeFile(path, '');
  assert.deepEqual(await file.read(), { notes: [], intact: false });
});
