import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, watch, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { BacktestRun } from '@aistock/shared';

const HOUR_MS = 3_600_000;
const BARS = 1_200;
const MAIN = join(import.meta.dirname, 'main.ts');
const PARAMS = { fast_bars: 4, slow_bars: 20, atr_bars: 5, trend_min: 0, risk_fraction: 0.5 };

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backtest-'));
  await writeFile(join(folder, 'bars.csv'), csv());
  await writeFile(join(folder, 'bars.csv.gz'), gzipSync(csv()));
  await writeFile(join(folder, 'params.json'), JSON.stringify(PARAMS));
  await writeFile(join(folder, 'sweep.json'), JSON.stringify({ fast_bars: { from: 3, to: 6, step: 1 } }));
  await writeFile(join(folder, 'bad.json'), JSON.stringify({ fast_bars: 1_000 }));
  await writeFile(join(folder, 'unsorted.csv'), csv().split('\n').toSpliced(5, 0, '0,1,1,1,1,1').join('\n'));
});
after(() => rm(folder, { recursive: true }));

const price = (at: number): number => 100 + 15 * Math.sin(at / 17) + 4 * Math.sin(at * 1.7);

function csv(): string {
  const rows = Array.from({ length: BARS }, (_, at) => {
    const [open, close] = [price(at), price(at + 0.9)];
    const prices = [open, Math.max(open, close) + 1, Math.min(open, close) - 1, close];
    return [at * HOUR_MS, ...prices.map((value) => value.toFixed(2)), 1000].join(',');
  });
  return ['timestamp,open,high,low,close,volume', ...rows].join('\n');
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [MAIN, '--strategy', 'trend_following', '--out', 'out', ...args],
      { cwd: folder, maxBuffer: 1 << 26 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

async function result(...args: string[]): Promise<BacktestRun> {
  const { code, stdout, stderr } = await run('--json', ...args);
  assert.equal(code, 0, stderr);
  return BacktestRun.parse(JSON.parse(stdout));
}

const read = (name: string) => readFile(join(folder, 'out', name), 'utf8');

test('a file alone gives figures, and the folder takes everything', async () => {
  const { code, stdout, stderr } = await run('--bars', 'bars.csv', '--params', 'params.json');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /trend_following on csv:BARS:1h/);
  assert.match(stdout, /Sharpe, Sortino/);
  assert.match(stdout, /not counted/);
  const told = BacktestRun.parse(JSON.parse(await read('result.json')));
  const trades = (await read('trades.csv')).trim().split(/\r?\n/);
  assert.ok(trades.length > 3);
  assert.equal(trades.length - 1, told.result?.figures.trades);
  assert.match(await read('report.html'), /^<!doctype html>/i);
  assert.equal((await read('decisions.jsonl')).split('\n').length - 1, told.result?.decision_log.lines);
});

test('the same bars give the same result, packed or not; another time gives another', async () => {
  const [plain, packed] = [
    await result('--bars', 'bars.csv', '--params', 'params.json'),
    await result('--bars', 'bars.csv.gz', '--params', 'params.json'),
  ];
  assert.deepEqual(packed.result, plain.result);
  assert.deepEqual(packed.data_sha256, plain.data_sha256);
  const later = await result('--bars', 'bars.csv', '--params', 'params.json', '--from', '1970-01-20');
  assert.notEqual(later.result?.decision_log.sha256, plain.result?.decision_log.sha256);
  assert.equal(later.from_ms, Date.UTC(1970, 0, 20));
});

test('studies: a sweep counts its own combinations, a walk goes forward, checks pass', async () => {
  const given = ['--bars', 'bars.csv', '--params', 'params.json'];
  const swept = await result(...given, '--sweep', 'sweep.json');
  assert.equal(swept.result?.trials, 4);
  const walk = await result(
    ...given,
    '--sweep',
    'sweep.json',
    '--walk-forward',
    '--train',
    '10d',
    '--test',
    '5d',
  );
  const { study } = walk.result ?? assert.fail();
  assert.ok(study.type === 'walk_forward' && study.folds.length >= 7);
  for (const check of ['lookahead', 'recursive']) {
    const checked = await result(...given, '--check', check, '--times', '3');
    assert.ok(checked.result && 'passed' in checked.result.study && checked.result.study.passed);
  }
});

const WRONG: [args: string[], told: RegExp][] = [
  [['--bars', 'none.csv'], /none\.csv: ENOENT/],
  [['--bars', 'unsorted.csv'], /does not come after the one before it/],
  [['--bars', 'params.json'], /line 1/],
  [['--bars', 'bars.csv', '--params', 'bad.json'], /params\.fast_bars: must be a whole number/],
  [['--bars', 'bars.csv', '--timeframe', '7m'], /timeframe: .*"5m"/],
  [['--bars', 'bars.csv', '--calendar', 'mars'], /calendar: .*"xnys"/],
  [['--bars', 'bars.csv', '--out', 'bars.csv'], /--out: EEXIST/],
  [['--bars', 'bars.csv', '--params', 'none.json'], /--params: ENOENT/],
  [['--bars', 'bars.csv', '--from', '2020-01-01', '--to', '2020-02-01'], /has no bars/],
];
for (const [args, told] of WRONG)
  test(`told what is wrong, with exit code 2: ${args.join(' ')}`, async () => {
    const { code, stderr } = await run(...args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, told);
  });

test('Ctrl-C ends with exit code 130, and leaves the folder as it was', async () => {
  const out = join(folder, 'before');
  await mkdir(out);
  await writeFile(join(out, 'trades.csv'), 'of before');
  const begun = watch(out);
  const args = [MAIN, '--strategy', 'trend_following', '--bars', 'bars.csv', '--check', 'lookahead'];
  const child = spawn(process.execPath, [...args, '--times', '200', '--out', out], { cwd: folder });
  const exit = once(child, 'exit');
  for await (const { filename } of begun) if (filename?.startsWith('.unfinished')) break;
  child.kill('SIGINT');
  assert.deepEqual(await exit, [130, null]);
  assert.deepEqual(await readdir(out), ['trades.csv']);
  assert.equal(await readFile(join(out, 'trades.csv'), 'utf8'), 'of before');
});
