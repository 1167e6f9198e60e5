// The promise: ./scripts/ingest fetches a history, can be stopped at any time, and goes on where it stopped.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { Backfill, BackfillStarted } from '@aistock/shared';
import { generatedSeries, startVenueSim, venueClock, type VenueSim } from '@aistock/venue_sim';

const PORT_BASE = 27_500;
const SINCE_MS = Date.UTC(2024, 0, 1);
const UNTIL = '2024-01-04';
const BARS = 3 * 1_440;
const SCRIPT = join(import.meta.dirname, '../scripts/ingest');

let folder = '';
let venue: VenueSim;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aistock-ingest-'));
  const bars = generatedSeries({ seed: 3, timeframe: '1m', startMs: SINCE_MS, bars: BARS + 10 });
  venue = await startVenueSim({
    markets: ['BTC/USDT', 'ETH/USDT'].map((instrument) => ({ venue: 'binance', instrument, bars })),
    clock: venueClock({ nowMs: SINCE_MS + BARS * 60_000, rate: 0, realMs: () => performance.now() }),
  });
  await writeFile(
    join(folder, 'sources.yaml'),
    `sources:
  sim: { kind: ccxt, exchange: binance, origin: '${venue.url}' }
streams:
  - { sources: [sim], instruments: [BTC/USDT, ETH/USDT], timeframes: [1m], chunk_bars: 100 }
`,
  );
});
after(async () => {
  await venue.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the command; told what it writes to standard error, it may be stopped in the middle. */
async function ingest(args: readonly string[], onSaid: (said: string, stop: () => void) => void = () => {}) {
  const state = ['--data', join(folder, 'state'), '--port-base', String(PORT_BASE)];
  const child = spawn(SCRIPT, [...args, ...state], { env: { PATH: process.env.PATH }, stdio: 'pipe' });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
    onSaid(said, () => child.kill('SIGINT'));
  });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { code: code as number, printed, said };
}

const HISTORY = ['--since', '2024-01-01', '--until', UNTIL, '--json'];
const CONFIGURED = (): string[] => [...HISTORY, '--config', join(folder, 'sources.yaml')];

test('a dry run tells what would be fetched, and fetches nothing', async () => {
  const { code, printed, said } = await ingest([...CONFIGURED(), '--dry-run']);
  assert.equal(code, 0, said);
  const { backfill_id: id, plan } = BackfillStarted.parse(JSON.parse(printed));
  assert.equal(id, null);
  assert.deepEqual(
    plan.map(({ stream, bars }) => [stream, bars]),
    ['sim:BTC/USDT:1m', 'sim:ETH/USDT:1m'].map((stream) => [stream, BARS]),
  );
});

test('Ctrl-C keeps what was fetched, and the same command ends it', async () => {
  const stopped = await ingest(CONFIGURED(), (said, stop) => {
    if (said.includes(' bars,')) stop();
  });
  assert.equal(stopped.code, 130, stopped.said);
  assert.match(stopped.said, /The same command goes on where this one stopped/);
  const half = Backfill.parse(JSON.parse(stopped.printed));
  assert.equal(half.status, 'running');

  const ended = await ingest(CONFIGURED());
  assert.equal(ended.code, 0, ended.said);
  assert.match(ended.said, /first the rest of the backfill/);
  const whole = Backfill.parse(JSON.parse(ended.printed));
  assert.deepEqual([whole.status, whole.bars_done, whole.bars_total], ['done', 2 * BARS, 2 * BARS]);
});

test('a wrong command line is 2, a wrong configuration 78, and both say what is wrong', async () => {
  const noStream = await ingest([...CONFIGURED(), '--stream', 'sim:XRP/USDT:1m']);
  assert.equal(noStream.code, 2, noStream.said);
  assert.match(noStream.said, /there is no stream sim:XRP\/USDT:1m; known: sim:BTC\/USDT:1m/);
  const noFile = await ingest([...HISTORY, '--config', join(folder, 'nowhere.yaml')]);
  assert.equal(noFile.code, 78, noFile.said);
  assert.match(noFile.said, /nowhere\.yaml cannot be read/);
});
