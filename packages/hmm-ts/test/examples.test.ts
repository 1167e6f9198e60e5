import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';

const FOLDER = join(import.meta.dirname, '../examples');
const SHOWN: Readonly<Record<string, RegExp>> = {
  'learn-online.ts': /^6000 rows, -\d\.\d+ nats/m,
  'live-filter.ts': /^after 1503 bars: trend -?\d\.\d+, risk \d\.\d+$/m,
  'quick-start.ts': /^volatility: calm 0\.010, wild 0\.030$/m,
  'retrain.ts': /^labels 0, 1, 2; lost 0, added 0$/m,
};

suite('examples', () => {
  for (const [name, shown] of Object.entries(SHOWN))
    test(`${name} runs and shows what it promises`, async () => {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(FOLDER, name)]);
      assert.match(stdout, shown);
      assert.equal(stderr, '');
    });

  test('there is none that nobody runs', async () => {
    assert.deepEqual((await readdir(FOLDER)).toSorted(), Object.keys(SHOWN));
  });

  test('the README shows them as they are, and names every call of the library', async () => {
    const readme = await readFile(join(FOLDER, '../README.md'), 'utf8');
    for (const name of ['learn-online.ts', 'live-filter.ts', 'quick-start.ts'])
      assert.ok(readme.includes(await readFile(join(FOLDER, name), 'utf8')), name);
    for (const name of Object.keys(await import('@aistock/hmm-ts')))
      assert.ok(new RegExp(`\\b${name}\\b`).test(readme), `${name} is not in the README`);
  });
});
