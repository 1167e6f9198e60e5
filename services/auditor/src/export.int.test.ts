// scripts/verify against a running auditor: export by pages, verify offline, find what was changed afterwards.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AuditorFixture, emit } from './auditor.fixture.ts';

const PROGRAM = fileURLToPath(new URL('../../../scripts/verify-cli/main.ts', import.meta.url));
const EVENTS = 1_100;

let fixture: AuditorFixture;
beforeEach(async () => {
  fixture = await AuditorFixture.create();
});
afterEach(() => fixture.remove());

function run(...args: string[]): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [PROGRAM, ...args], (_error, out) => {
      resolve({ code: child.exitCode ?? -1, out });
    });
  });
}

test('a log is exported by pages and verifies offline, against every checkpoint ever signed', async () => {
  const auditor = await fixture.start();
  await Promise.all(Array.from({ length: EVENTS }, (_, i) => emit(fixture.emitter, `order ${i}`)));
  const { root } = await auditor.verify();
  const file = join(fixture.folder, 'log.ndjson');
  const exported = await run('--url', fixture.url, '--out', file, '--json');
  assert.equal(exported.code, 0, exported.out);
  const result = JSON.parse(exported.out) as { entries: number; root: string };
  assert.deepEqual([result.entries, result.root], [EVENTS, root]);

  const all = await run(file, '--checkpoints', join(fixture.folder, 'audit', 'checkpoints.txt'));
  assert.equal(all.code, 0, all.out);

  const lines = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, lines.toSpliced(1_050, 1).join('\n'));
  const cut = await run(file);
  assert.equal(cut.code, 1);
  assert.match(cut.out, /entry 1050: /);
});
