import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SERVICE_NAMES } from '@aistock/shared';
import { requireFreePorts } from '../scripts/stack/free-ports.ts';
import { findRunning, type ProcessRecord } from '../scripts/stack/running.ts';
import { postgresPort, servicePort, serviceUrl } from '../scripts/stack/service-specs.ts';
import { startScript, waitForOutput } from './stack-process.ts';

const PORT_BASE = 21_000;
const HEALTH = `${serviceUrl('executor', PORT_BASE)}/health`;
const STOP_MS_MAX = 10_000;

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aistock-start-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const args = () => ['--data', folder, '--port-base', String(PORT_BASE)];

async function recorded(): Promise<readonly ProcessRecord[]> {
  return JSON.parse(await readFile(join(folder, 'processes.json'), 'utf8')) as ProcessRecord[];
}

interface Report {
  readonly ok: boolean;
  readonly seconds: number;
  readonly source: string;
  readonly streams: number;
  readonly bars: number;
  readonly files: number;
  readonly files_processed: number;
  readonly model: Record<string, unknown>;
  readonly decision: { config_id: string; preset_id: string; propensity: number };
  readonly orders: { intents: number; filled: number; denied: number; unknown: number };
  readonly equity: { start: string; end: string };
  readonly audit: { events: number; verified: boolean; root: string };
}

async function runOnce(): Promise<Report> {
  const started = startScript(['--once', '--json', ...args()]);
  const code = await started.exited;
  assert.equal(code, 0, started.stderr());
  const lines = started.stdout().trim().split('\n');
  assert.equal(lines.length, 1, 'the JSON is the only line on stdout');
  return JSON.parse(lines[0] ?? '') as Report;
}

test('one command runs everything on real bars; again on the same data nothing is done twice', async () => {
  const first = await runOnce();
  assert.deepEqual(
    { ok: first.ok, source: first.source, streams: first.streams, bars: first.bars },
    { ok: true, source: 'csv', streams: 1, bars: 5105 },
  );
  assert.equal(first.files_processed, first.files);
  assert.equal(first.model.promoted, true);
  assert.ok(first.orders.intents > 0 && first.orders.filled > 0, 'the session traded');
  assert.equal(first.orders.unknown, 0);
  assert.equal(first.equity.start, '100000');
  assert.ok(first.decision.propensity > 0 && first.decision.propensity <= 1);
  assert.equal(first.audit.verified, true);
  assert.match(first.audit.root, /^[0-9a-f]{64}$/);
  assert.deepEqual(await findRunning(await recorded()), [], 'no process is left behind');

  const second = await runOnce();
  assert.equal(second.ok, true);
  assert.equal(second.bars, first.bars);
  assert.equal(second.files, first.files);
  assert.deepEqual(second.orders, first.orders);
  assert.equal(second.equity.end, first.equity.end);
  assert.ok(second.audit.events >= first.audit.events);
});

test('Ctrl-C stops everything in time, and a start after kill -9 comes up on the same data', async () => {
  const killed = startScript(args());
  await waitForOutput(killed, 'Ctrl-C stops everything');
  assert.equal((await fetch(HEALTH)).status, 200);
  const start = (await recorded()).find((record) => record.name === 'start');
  assert.ok(start);
  process.kill(start.pid, 'SIGKILL');
  await killed.exited;

  const again = startScript(args());
  await waitForOutput(again, 'Ctrl-C stops everything');
  assert.match(again.stderr(), /left behind/);
  const processes = await recorded();
  assert.ok((await findRunning(processes)).length >= 8, 'every service runs as its own process');

  const rival = startScript(args());
  assert.notEqual(await rival.exited, 0);
  assert.match(rival.stderr(), /another start/);

  const askedMs = performance.now();
  again.child.kill('SIGINT');
  assert.equal(await again.exited, 0, again.stderr());
  assert.ok(performance.now() - askedMs < STOP_MS_MAX);
  assert.deepEqual(await findRunning(processes), []);
  await requireFreePorts([
    postgresPort(PORT_BASE),
    ...SERVICE_NAMES.map((name) => servicePort(name, PORT_BASE)),
  ]);
});

test('a wrong word or a wrong setting is said at once', async () => {
  const wrongWord = startScript(['--wat']);
  assert.equal(await wrongWord.exited, 64);
  assert.match(wrongWord.stderr(), /--wat/);

  const unasked = startScript(['--fresh', ...args()]);
  assert.equal(await unasked.exited, 64);
  assert.match(unasked.stderr(), /--yes/);

  const wrongSetting = startScript(['--once', ...args()], { TIMEFRAME: '7m' });
  assert.equal(await wrongSetting.exited, 1);
  assert.match(wrongSetting.stderr(), /TIMEFRAME/);
});
