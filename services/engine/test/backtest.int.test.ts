import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BacktestRun } from '@aistock/shared';
import { MODEL_ID } from './fake-model.ts';
import { dayMs, fakeBars, STREAM } from './fake-series.ts';
import { startFakeStack, type FakeStack } from './fake-stack.ts';
import { problemOf } from './problem-of.ts';

const PARAMS = { fast_bars: 4, slow_bars: 12, atr_bars: 5, stop_atr: 3, trend_min: 0, risk_fraction: 0.5 };
const COSTS = {
  fees: { maker_bps: 5, taker_bps: 5, taken_in: 'quote' as const },
  spread: { type: 'bps' as const, bps: 2 },
  slippage: { type: 'fixed' as const, bps: 1 },
  latency_ms: 0,
  participation_max: null,
};
const REQUEST = {
  strategy: 'trend_following',
  stream: STREAM,
  from_ms: dayMs(40),
  to_ms: dayMs(160),
  params: PARAMS,
  costs: COSTS,
};

let stack: FakeStack;
before(async () => {
  stack = await startFakeStack(fakeBars(160), PARAMS, { hasModel: true, trainedToMs: dayMs(100) });
});
after(async () => {
  await stack[Symbol.asyncDispose]();
});

const run = (change: Record<string, unknown> = {}): Promise<BacktestRun> =>
  stack.engine.backtest({ query: { wait: 'true' }, body: { ...REQUEST, ...change } });

async function outcome(change: Record<string, unknown> = {}) {
  const { result, problem } = await run(change);
  return result ?? assert.fail(JSON.stringify(problem));
}

test('a run trades, leaves everything behind it, and comes out the same again', async () => {
  const first = await run();
  assert.equal(first.status, 'done');
  const { result } = first;
  assert.equal(result?.closes, 120);
  assert.ok((result?.figures.trades ?? 0) >= 3);
  assert.equal(result?.equity.start, '100000');
  assert.match(first.data_sha256?.[STREAM] ?? '', /^[0-9a-f]{64}$/);
  const second = await run();
  const { trials: _counted, ...same } = second.result ?? assert.fail();
  const { trials: _count, ...original } = result ?? assert.fail();
  assert.deepEqual(same, original);
  assert.deepEqual([second.config_sha256, second.data_sha256], [first.config_sha256, first.data_sha256]);

  const params = { run_id: first.run_id };
  const trades = await stack.engine.backtestTrades({ params });
  assert.equal(trades.trim().split(/\r?\n/).length, 1 + (result?.figures.trades ?? 0));
  assert.match(await stack.engine.backtestReport({ params }), /^<!doctype html>/i);
  const log = await stack.engine.backtestLog({ params, query: {} });
  assert.equal(log.split('\n').length - 1, result?.decision_log.lines);
  const page = await stack.engine.backtestLog({ params, query: { from: '7', limit: '1' } });
  assert.equal(page, `${log.split('\n')[7]}\n`);
});

test('the short form and the form with slots are the same run', async () => {
  const { stream, strategy, params, ...rest } = REQUEST;
  const slots = [{ id: 'main', strategy, streams: [stream], params }];
  const long = await stack.engine.backtest({ query: { wait: 'true' }, body: { ...rest, slots } });
  assert.equal(long.config_sha256, (await run()).config_sha256);
});

test('higher costs leave less', async () => {
  const dear = await outcome({ costs: { ...COSTS, fees: { ...COSTS.fees, taker_bps: 100 } } });
  const cheap = await outcome();
  assert.ok(Number(dear.equity.end) < Number(cheap.equity.end));
});

test('a model says nothing about bars that it was trained on, unless that is allowed, and then there is a warning', async () => {
  const { strategy, stream, params, ...rest } = REQUEST;
  const slot = { id: 'main', strategy, streams: [stream], params, conservative_params: params };
  const slots = [{ ...slot, model_id: MODEL_ID, model_use: 'veto' as const }];
  const ask = async (change: object) => {
    const body = { ...rest, slots, ...change };
    const { result } = await stack.engine.backtest({ query: { wait: 'true' }, body });
    return result ?? assert.fail();
  };
  const honest = await ask({});
  assert.ok((honest.reasons['model_in_sample'] ?? 0) > 0, JSON.stringify(honest.reasons));
  assert.ok(!honest.warnings.some(({ code }) => code === 'in_sample_model'));
  const allowed = await ask({ allow_in_sample: true });
  assert.equal(allowed.reasons['model_in_sample'], undefined);
  assert.ok(allowed.warnings.some(({ code }) => code === 'in_sample_model'));
});

test('the record counts different configurations on data that overlaps, each once', async () => {
  const apart = { from_ms: dayMs(41), to_ms: dayMs(99), strategy: 'momentum_breakout', params: {} };
  const tried = async (change: Record<string, unknown>) => (await outcome({ ...apart, ...change })).trials;
  assert.equal(await tried({}), 1);
  assert.equal(await tried({}), 1);
  assert.equal(await tried({ costs: { ...COSTS, latency_ms: 500 } }), 1, 'costs are no configuration');
  assert.equal(await tried({ sizing: { kelly_share: null } }), 2);
  assert.equal(await tried({ from_ms: dayMs(120), to_ms: dayMs(150) }), 1, 'this data was not seen');
});

test('runs are listed newest first, a page at a time', async () => {
  await run();
  const { runs, next_before: next } = await stack.engine.backtests({ query: { limit: '2' } });
  assert.equal(runs.length, 2);
  assert.ok(runs[0]!.created_ms >= runs[1]!.created_ms);
  assert.equal(next, runs[1]!.run_id);
  const { runs: older } = await stack.engine.backtests({ query: { limit: '2', before: next ?? '' } });
  assert.ok(older.length > 0 && older.every(({ run_id: id }) => runs.every((each) => each.run_id !== id)));
});

const problem = (change: Record<string, unknown>) => problemOf(run(change));

test('what is not known or not allowed is refused by name, with its field', async () => {
  assert.equal((await problem({ strategy: 'nothing' })).code, 'strategy_unknown');
  assert.equal((await problem({ strategy: 'pairs_trading', params: {} })).code, 'legs_wrong');
  assert.equal((await problem({ study: { type: 'scenarios', names: ['plague'] } })).code, 'scenario_unknown');
  const wrong = await problem({ params: { ...PARAMS, atr_bars: 1.5, leverage: 2 } });
  assert.equal(wrong.code, 'params_invalid');
  assert.deepEqual(wrong.fields?.map(({ field }) => field).toSorted(), [
    'params.atr_bars',
    'params.leverage',
  ]);
  assert.equal((await problem({ from_ms: dayMs(50), to_ms: dayMs(49) })).status, 400);
  assert.equal((await problem({ slots: [] })).status, 400);
  const ranges = { fast_bars: { from: 2, to: 100, step: 1 }, slow_bars: { from: 5, to: 300, step: 1 } };
  assert.equal((await problem({ study: { type: 'sweep', ranges } })).code, 'combinations_too_many');
});

const failed = async (change: Record<string, unknown>) => (await run(change)).problem?.code;

test('what only the data can tell fails the run with a code', async () => {
  assert.equal(await failed({ stream: 'csv:OTHER:1d' }), 'stream_unknown');
  assert.equal(await failed({ from_ms: dayMs(1_000), to_ms: dayMs(1_001) }), 'bars_missing');
  assert.equal(await failed({ model_id: '11111111-1111-4111-8111-111111111111' }), 'model_unknown');
});

test('a finished run stays as it is, whoever asks otherwise', async () => {
  const { run_id: runId } = await run();
  const cancelled = await stack.engine.cancelBacktest({ params: { run_id: runId } });
  assert.equal(cancelled.status, 'done');
  await assert.rejects(
    stack.database.db.updateTable('engine.run').set({ progress: 0 }).where('run_id', '=', runId).execute(),
    /not allowed/,
  );
});

test('a run that is cancelled leaves nothing, and its artefacts are refused', async () => {
  const started = await stack.engine.backtest({ query: {}, body: REQUEST });
  const params = { run_id: started.run_id };
  const { status } = await stack.engine.cancelBacktest({ params });
  if (status === 'done') return; // it was faster
  assert.equal((await problemOf(stack.engine.backtestReport({ params }))).code, 'run_unfinished');
});

test('every study answers', async () => {
  const ranges = { fast_bars: { from: 3, to: 6, step: 1 } };
  const scenarios = await outcome({ study: { type: 'scenarios' } });
  assert.ok(scenarios.study.type === 'scenarios' && scenarios.study.scenarios.length >= 7);
  const walk = await outcome({
    study: { type: 'walk_forward', ranges, train_ms: dayMs(40) - dayMs(0), test_ms: dayMs(20) - dayMs(0) },
  });
  assert.ok(walk.study.type === 'walk_forward' && walk.study.folds.length === 4);
  assert.equal(walk.closes, 80);
  for (const type of ['lookahead', 'recursive']) {
    const { study } = await outcome({ study: { type } });
    assert.ok('passed' in study && study.passed, JSON.stringify(study));
  }
});

test('the strategies are listed with their parameters', async () => {
  const { strategies } = await stack.engine.strategies();
  assert.ok(strategies.length >= 6);
  assert.deepEqual(
    strategies.find(({ strategy }) => strategy === 'trend_following')?.params.toSorted(),
    Object.keys(PARAMS).toSorted(),
  );
});
