import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { ConfigError } from './config.ts';
import { loadSigningKey } from './signing-key.ts';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'key-'));
  file = join(folder, 'audit', 'audit-key.pem');
});
afterEach(() => rm(folder, { recursive: true }));

test('a key is made once, for its owner only, and loaded from then on', async () => {
  const first = await loadSigningKey(file, 'KEY_FILE');
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.ok((await loadSigningKey(file, 'KEY_FILE')).equals(first));
});

test('two starts at once use one key', async () => {
  const [one, other] = await Promise.all([
    loadSigningKey(file, 'KEY_FILE'),
    loadSigningKey(file, 'KEY_FILE'),
  ]);
  assert.ok(one.equals(other));
});

test('a key that everybody can read, or of another kind, stops the start and stays as it is', async () => {
  await loadSigningKey(file, 'KEY_FILE');
  await chmod(file, 0o604);
  await assert.rejects(loadSigningKey(file, 'KEY_FILE'), ConfigError);
  const { privateKey } = generateKeyPairSync('x25519');
  for (const content of [privateKey.export({ format: 'pem', type: 'pkcs8' }), 'no key', '']) {
    await writeFile(file, content);
    await chmod(file, 0o600);
    await assert.rejects(
      loadSigningKey(file, 'KEY_FILE'),
      (error: Error) => error instanceof ConfigError && error.message.includes(`KEY_FILE: ${file}`),
    );
    assert.equal(await readFile(file, 'utf8'), content);
  }
});
