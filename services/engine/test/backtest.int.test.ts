import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MODEL_ID } from './fake-model.ts';
import { dayMs, fakeBars, STREAM } from './fake-series.ts';
import { startFakeStack, type FakeStack } from './fake-stack.ts';
import { problemOf } from './problem-of.ts';

const PARAMS = { fast_bars: 4, slow_bars: 12, atr_bars: 5, stop_atr: 3, trend_min: -1, risk_fraction: 0.5 };
const REQUEST = {
  strategy: 'trend_following',
  stream: STREAM,
  from_ms: dayMs(40),
  to_ms: dayMs(160),
  params: PARAMS,
  model_id: MODEL_ID,
  start_cash: '100000',
  fee_bps: 5,
  slippage_bps: 2,
};

let stack: FakeStack;
before(async () => {
  stack = await startFakeStack(fakeBars(160), PARAMS);
});
after(async () => {
  await stack[Symbol.asyncDispose]();
});

const run = (change: Partial<Record<keyof typeof REQUEST, unknown>> = {}) =>
  stack.engine.backtest({ body: { ...REQUEST, ...change } as typeof REQUEST });

test('a backtest trades, and gives the same answer again', async () => {
  const first = await run();
  assert.equal(first.bars, 120);
  assert.ok(first.trades.length >= 3);
  assert.equal(first.equity.start, '100000');
  assert.deepEqual(await run(), first);
});

test('higher costs leave less', async () => {
  const cheap = await run({ fee_bps: 0, slippage_bps: 0 });
  const dear = await run({ fee_bps: 50, slippage_bps: 50 });
  assert.ok(Number(dear.equity.end) < Number(cheap.equity.end));
});

test('without a model there is no regime, and nothing is entered', async () => {
  const result = await run({ model_id: null });
  assert.deepEqual([result.bars, result.trades.length, result.return_total], [120, 0, 0]);
  assert.equal(result.sharpe_annual, null);
});

test('a range without bars is an empty result', async () => {
  const result = await run({ from_ms: dayMs(1_000), to_ms: dayMs(1_001) });
  assert.deepEqual([result.bars, result.trades, result.equity.end], [0, [], '100000']);
});

const codeOf = async (change: Parameters<typeof run>[0]) => (await problemOf(run(change))).code;

test('what is not known or not allowed is refused by name', async () => {
  assert.equal(await codeOf({ strategy: 'nothing' }), 'strategy_unknown');
  assert.equal(await codeOf({ stream: 'csv:OTHER:1d' }), 'stream_unknown');
  assert.equal(await codeOf({ model_id: '11111111-1111-4111-8111-111111111111' }), 'model_unknown');
  assert.equal(await codeOf({ params: { ...PARAMS, slow_bars: 10_000 } }), 'params_invalid');
  assert.equal(await codeOf({ params: { ...PARAMS, leverage: 2 } }), 'params_invalid');
  assert.equal(await codeOf({ from_ms: dayMs(50), to_ms: dayMs(49) }), 'range_invalid');
});

test('every wrong parameter is told with its field', async () => {
  const problem = await problemOf(run({ params: { ...PARAMS, atr_bars: 1.5, risk_fraction: 2 } }));
  assert.equal(problem.status, 422);
  assert.deepEqual(problem.fields?.map(({ field }) => field).toSorted(), [
    'params.atr_bars',
    'params.risk_fraction',
  ]);
});

test('the strategies are listed with their parameters', async () => {
  const { strategies } = await stack.engine.strategies();
  assert.deepEqual(strategies.map(({ strategy }) => strategy).toSorted(), [
    'momentum_breakout',
    'trend_following',
  ]);
  assert.deepEqual(
    strategies.find(({ strategy }) => strategy === 'trend_following')?.params.toSorted(),
    Object.keys(PARAMS).toSorted(),
  );
});
