import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openPassword, openRolePasswords, passwordFile } from './password-files.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aistock-passwords-'));
});
after(() => rm(folder, { recursive: true }));

test('a password is made once, for its owner alone, and found again', async () => {
  const path = passwordFile(folder, 'postgres');
  const [first, second] = await Promise.all([openPassword(path), openPassword(path)]);
  assert.equal(first, second);
  assert.equal(await openPassword(path), first);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test('each role has a password of its own', async () => {
  const passwords = Object.values(await openRolePasswords((service) => passwordFile(folder, service)));
  assert.equal(passwords.length, 7);
  assert.equal(new Set(passwords).size, 7);
});

test('a file that a crash cut short is refused by name instead of used', async () => {
  const path = join(folder, 'cut.password');
  await writeFile(path, 'abc');
  await assert.rejects(openPassword(path), /cut\.password/);
});
