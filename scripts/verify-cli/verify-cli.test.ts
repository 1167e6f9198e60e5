// The program as it is called: a log on the disk, a process, its exit code and what it prints.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  append,
  EMPTY_FRONTIER,
  FIRST_PREVIOUS,
  formatEntry,
  formatVerifierKey,
  rootOf,
  signCheckpoint,
  signReport,
} from '@aistock/audit-log';
import { canonicalJson, sha256Hex, type AuditEntry } from '@aistock/shared';
import type { Result } from './verify-export.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const signer = { name: 'example.com/audit', key: generateKeyPairSync('ed25519').privateKey };

function writeEntries(prices: readonly string[]): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const [index, price] of prices.entries()) {
    const event_id = `00000000-0000-4000-8000-00000000000${index}`;
    const prev_sha256 = entries.at(-1)?.leaf_sha256 ?? FIRST_PREVIOUS;
    const columns = {
      index,
      event_id,
      kind: 'order.filled',
      subject: 'x',
      service: 'executor',
      occurred_ms: index,
    };
    entries.push(formatEntry({ ...columns, payload: { price }, prev_sha256 }));
  }
  return entries;
}

function sign(entries: readonly AuditEntry[]): string {
  const frontier = entries.reduce(
    (grown, entry) => append(grown, entry.leaf_sha256).frontier,
    EMPTY_FRONTIER,
  );
  return signCheckpoint({ size: frontier.size, root: rootOf(frontier) }, signer);
}

const log = writeEntries(['1', '2', '3', '4']);
const notes = [log.slice(0, 2), log].map(sign).join('\n');

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-'));
  file = join(folder, 'log.ndjson');
  await write(log, notes);
  await writeFile(`${file}.key`, formatVerifierKey(signer));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(entries: readonly AuditEntry[], checkpoints: string): Promise<void> {
  await writeFile(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  await writeFile(`${file}.checkpoint`, checkpoints);
}

function run(...args: string[]): { code: number | null; out: string; err: string } {
  const env = { PATH: process.env['PATH'], LAKE_DIR: folder };
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', env });
  return { code: status, out: stdout, err: stderr };
}

function verify(): Result & { code: number | null } {
  const { code, out } = run(file, '--json');
  return { ...(JSON.parse(out) as Result), code };
}

test('a log as it was exported verifies', () => {
  const { code, verified, entries, signed, checkpoints, first_bad } = verify();
  assert.deepEqual([code, verified, entries, signed, checkpoints, first_bad], [0, true, 4, 4, 2, null]);
  assert.match(run(file).out, /verified, 4 entries, 2 checkpoints\nroot [0-9a-f]{64}\n$/);
  assert.equal(run(file, '--key', formatVerifierKey(signer)).code, 0);
});

test('the first bad entry is named, and the exit code is 1', async () => {
  const edited = log.map((entry, index) =>
    index === 2 ? { ...entry, body: entry.body.replace('"3"', '"9"') } : entry,
  );
  await write(edited, notes);
  assert.deepEqual([verify().code, verify().first_bad?.index], [1, 2]);
  assert.match(run(file).out, /NOT VERIFIED\nentry 2: leaf_sha256/);
  await write(log.slice(0, 3), notes);
  assert.equal(verify().first_bad?.index, 3);
  await write(writeEntries(['1', '2', '9', '4']), notes);
  assert.equal(verify().first_bad?.index, 2);
  await writeFile(file, `${JSON.stringify(log[0])}\n{"index":1`);
  assert.equal(verify().first_bad?.index, 1);
});

test('checkpoints that the key did not sign do not hold', async () => {
  await write(log, notes.replace('\n4\n', '\n3\n'));
  assert.deepEqual([verify().code, verify().first_bad?.index], [1, 2]);
  const stranger = { name: signer.name, key: generateKeyPairSync('ed25519').privateKey };
  await writeFile(`${file}.key`, formatVerifierKey(stranger));
  assert.equal(verify().code, 1);
});

test('entries after the last checkpoint are said to be unsigned', async () => {
  await write(log, sign(log.slice(0, 3)));
  assert.match(run(file).out, /1 entries after the last checkpoint are not signed/);
});

test('what cannot be checked exits 2 and says why', async () => {
  for (const args of [[], [file, file], ['--url', 'http://127.0.0.1:1'], ['--what'], [`${file}.absent`]]) {
    const { code, out, err } = run(...args);
    assert.deepEqual([code, out], [2, '']);
    assert.notEqual(err, '');
  }
  assert.equal(run(file, '--key', 'a+b+c').code, 2);
  assert.equal(run('--url', 'http://127.0.0.1:1', '--out', file).code, 2);
  await writeFile(`${file}.checkpoint`, '');
  assert.equal(run(file).code, 2);
  assert.equal(run('--help').code, 0);
});

test('a lake that cannot be checked exits 2 and says why: no database, no lake, nothing in it', async () => {
  for (const [args, why] of [
    [['--lake'], /DATABASE_URL is not set/],
    [['--lake', '--offline'], /holds no raw log/],
    [['--offline'], /--offline goes with --lake/],
  ] as const) {
    const { code, out, err } = run(...args);
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, why);
  }
  await rm(folder, { recursive: true });
  const { code, err } = run('--lake', '--offline');
  assert.equal(code, 2);
  assert.match(err, /^the lake at .* cannot be read: ENOENT/);
  await mkdir(folder);
});

test('the report of a model verifies, alone and with the log that names it; nothing of it can be changed', async () => {
  const own = { name: 'example.com/models', key: generateKeyPairSync('ed25519').privateKey };
  const model_id = '842fb970-0670-4f4d-b39a-f450aa793ed6';
  const report = { model_id, gates: [{ name: 'finite', value: 0.1 }] };
  const sha256 = sha256Hex(canonicalJson(report));
  const signed = { sha256, note: signReport({ modelId: model_id, sha256 }, own), report };
  const path = join(folder, 'report.json');
  const reportRun = (...args: string[]) =>
    run('--report', path, '--report-key', formatVerifierKey(own), ...args);
  await writeFile(path, JSON.stringify(signed));
  assert.deepEqual(reportRun().code, 0);
  assert.match(reportRun().out, new RegExp(`verified, report of model ${model_id}\nSHA-256 ${sha256}`));

  const trained = { kind: 'model.trained', subject: model_id, service: 'ml_service', occurred_ms: 9 };
  const event = { ...trained, index: 4, event_id: '00000000-0000-4000-8000-000000000004' };
  const entry = formatEntry({
    ...event,
    payload: { report_sha256: sha256 },
    prev_sha256: log.at(-1)!.leaf_sha256,
  });
  assert.match(reportRun(file).out, /NOT VERIFIED\nthe audit log does not name this report/);
  await write([...log, entry], sign([...log, entry]));
  const both = reportRun(file, '--json');
  assert.equal(both.code, 0);
  assert.equal((JSON.parse(both.out) as { report: { on_record: boolean } }).report.on_record, true);

  await writeFile(path, JSON.stringify(signed).replace('0.1', '0.2'));
  assert.equal(reportRun().code, 1);
  assert.match(reportRun().out, /NOT VERIFIED\nthe report has SHA-256/);
  await writeFile(path, 'no JSON');
  assert.equal(reportRun().code, 1);
  assert.equal(run('--report', path).code, 2, 'without a key');
  assert.equal(run('--report-key', path).code, 2);
});
