import assert from 'node:assert/strict';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { BacktestRun } from '@aistock/shared';
import { sql } from 'kysely';
import { dayMs, fakeBars, STREAM } from './fake-series.ts';
import { startFakeStack, type Engine, type FakeStack } from './fake-stack.ts';

const RANGES = { fast_bars: { from: 2, to: 9, step: 1 }, slow_bars: { from: 8, to: 20, step: 4 } };
/** fast_bars must be below slow_bars: 6 + 8 + 8 + 8. */
const COMBINATIONS = 30;
const REQUEST = {
  strategy: 'trend_following',
  stream: STREAM,
  from_ms: dayMs(70),
  to_ms: dayMs(400),
  params: { trend_min: 0, risk_fraction: 0.5 },
  study: { type: 'sweep' as const, ranges: RANGES, criterion: 'return' as const },
};
const DEADLINE_MS = 60_000;

let stack: FakeStack;
beforeEach(async () => {
  stack = await startFakeStack(fakeBars(400), {}, { hasModel: false, env: { BACKTEST_THREADS: '1' } });
});
afterEach(async () => {
  await stack[Symbol.asyncDispose]();
});

/** What must not depend on who worked on it. */
const found = ({ result }: BacktestRun) => ({
  study: result?.study,
  figures: result?.figures,
  log: result?.decision_log.sha256,
});

async function sweepAt({ client }: Pick<Engine, 'client'>): Promise<BacktestRun> {
  const run = await client.backtest({ query: { wait: 'true' }, body: REQUEST });
  assert.equal(run.status, 'done', JSON.stringify(run.problem));
  return run;
}

test('a sweep gives the same result on one, two and four threads, and on two replicas', async () => {
  const one = await sweepAt({ client: stack.engine });
  const { study, trials } = one.result ?? assert.fail();
  assert.ok(study.type === 'sweep');
  assert.equal(study.combinations, COMBINATIONS);
  assert.equal(trials, COMBINATIONS);
  const scores = study.points.map(({ figures }) => figures.return_total ?? Number.NEGATIVE_INFINITY);
  assert.deepEqual(
    scores,
    scores.toSorted((a, b) => b - a),
  );
  assert.equal(study.points[0]?.figures.trades_sha256, one.result?.figures.trades_sha256);
  for (const threads of ['2', '4']) {
    const engine = await stack.startEngine({}, { BACKTEST_THREADS: threads });
    assert.deepEqual(found(await sweepAt(engine)), found(one), `${threads} threads, and the first replica`);
    await engine.service.stop();
  }
});

/** Another process of the engine, that can be killed. */
async function startProcess(): Promise<AsyncDisposable & { pid: number }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../src/main.ts', import.meta.url))], {
    env: { ...process.env, ...stack.env, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (data: Buffer) => {
      text += data.toString();
      if (text.includes('listening')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`it exited with ${code}: ${text}`)));
  });
  child.stdout.resume();
  child.stderr.resume();
  const over = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await over;
    },
  };
}

/** Many points, so that there is time to kill somebody. */
const LONG = {
  ...REQUEST,
  study: { ...REQUEST.study, ranges: { ...RANGES, atr_bars: { from: 5, to: 44, step: 1 } } },
};

test('what a killed replica had claimed is taken over, and the result is the same', async () => {
  await using replica = await startProcess();
  const { db } = stack.database;
  const { run_id: runId } = await stack.engine.backtest({ query: {}, body: LONG });
  const held = () =>
    db
      .selectFrom('engine.sweep_item')
      .select('item')
      .where('run_id', '=', runId)
      .where('status', '=', 'running')
      .where('claimed_by', 'like', `%:${replica.pid}:%`)
      .execute();
  await until(async () => (await held()).length > 0);
  await replica[Symbol.asyncDispose]();
  const lost = await held();
  assert.ok(lost.length > 0, 'it must have died in the middle of something');
  // The leases end now, and not in some seconds.
  await db
    .updateTable('engine.sweep_item')
    .set({ lease_until: sql`clock_timestamp()` })
    .where('run_id', '=', runId)
    .where('claimed_by', 'like', `%:${replica.pid}:%`)
    .where('status', '=', 'running')
    .execute();
  const params = { run_id: runId };
  await until(async () => (await stack.engine.backtestRun({ params })).finished_ms !== null);
  const disturbed = await stack.engine.backtestRun({ params });
  const undisturbed = await stack.engine.backtest({ query: { wait: 'true' }, body: LONG });
  assert.deepEqual(found(disturbed), found(undisturbed));
  const epochs = await db
    .selectFrom('engine.sweep_item')
    .select('claim_epoch')
    .where('run_id', '=', runId)
    .where(
      'item',
      'in',
      lost.map(({ item }) => item),
    )
    .execute();
  assert.ok(epochs.every(({ claim_epoch: epoch }) => epoch > 1));
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  while (!(await isSo())) await delay(20, undefined, { signal });
}
