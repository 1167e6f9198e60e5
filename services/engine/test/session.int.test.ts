// A replay trades bars as a backtest does, and its answers and refusals.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, START_CASH } from './fake-executor.ts';
import { regimesOf } from './fake-model.ts';
import { dayMs, STREAM } from './fake-series.ts';
import { startFakeStack } from './fake-stack.ts';
import { problemOf } from './problem-of.ts';
import { backtestOf, BARS, PARAMS, replay, REQUEST, storyOf } from './replay-rig.ts';

const BREAKOUT = {
  lookback_bars: 5,
  breakout_atr: 0,
  atr_bars: 5,
  stop_atr: 4,
  hold_bars_max: 6,
  trend_min: -1,
  risk_fraction: 0.5,
};

test('a session trades every bar and learns every outcome once', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  const session = await replay(stack.engine);
  assert.equal(session.bars, 120);
  assert.ok(session.filled >= 6, `${session.filled} filled`);
  assert.ok(session.outcomes >= 3);
  assert.equal(stack.controller.rewards.size, session.outcomes);
  assert.equal(stack.controller.repeated, 0);
  assert.deepEqual([session.denied, session.unknown], [0, 0]);
  assert.deepEqual(session.equity, { start: START_CASH, end: stack.executor.equity });
  assert.equal(session.last_decision?.preset_id, 'balanced');
  assert.deepEqual(session.quality, { verdict: 'pass', reasons: [] });
});

for (const hasModel of [true, false])
  for (const [strategy, params] of [
    ['trend_following', PARAMS],
    ['momentum_breakout', BREAKOUT],
  ] as const)
    test(`${strategy} writes the log of a backtest ${hasModel ? 'with' : 'without'} a model, byte for byte`, async () => {
      await using stack = await startFakeStack(BARS, params, { hasModel });
      const session = await replay(stack.engine, { strategy });
      const backtest = backtestOf(strategy, params, hasModel ? regimesOf(BARS) : () => null);
      const log = await stack.engine.sessionLog({ params: { session_id: session.session_id }, query: {} });
      assert.deepEqual(log.trimEnd().split('\n'), backtest.lines);
      assert.equal(session.decision_log_sha256, backtest.sha256);
      assert.equal(Number(session.equity.end), Number(backtest.result.equityEnd));
      assert.equal(session.outcomes, backtest.result.trades.length);
      assert.ok(session.outcomes >= 2);
    });

test('a session in parts comes to the same as in one, and run again it finds nothing to do', async () => {
  await using whole = await startFakeStack(BARS, PARAMS);
  const session = await replay(whole.engine);
  await using parts = await startFakeStack(BARS, PARAMS);
  for (let day = 42; day < 160; day += 7) await replay(parts.engine, { to_ms: dayMs(day) });
  const last = await replay(parts.engine);
  assert.deepEqual(storyOf(parts), storyOf(whole));
  assert.equal(last.decision_log_sha256, session.decision_log_sha256);
  assert.equal(parts.controller.rewards.size, session.outcomes);
  const again = await replay(parts.engine);
  assert.deepEqual([again.bars, again.signals, again.intents, again.filled, again.outcomes], [0, 0, 0, 0, 0]);
  assert.equal(again.decision_log_sha256, session.decision_log_sha256);
  assert.deepEqual(storyOf(parts), storyOf(whole));
});

test('GET /session and /signals say where it stands and why there was or was not an order', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  const session = await replay(stack.engine);
  const { sessions } = await stack.engine.sessions({ query: { account: ACCOUNT } });
  assert.equal(sessions.length, 1);
  const [shown] = sessions;
  assert.deepEqual(
    [shown?.status, shown?.closes, shown?.last_close_ms, shown?.claimed_by],
    ['open', 120, dayMs(160), null],
  );
  assert.equal(shown?.state?.decision_log_sha256, session.decision_log_sha256);
  assert.equal(shown?.state?.equity, session.equity.end);
  assert.equal(shown?.state?.last_decisions[0]?.at_ms, dayMs(160));

  const { signals } = await stack.engine.signals({ query: { limit: '1000' } });
  assert.equal(signals.length, 120);
  assert.ok(signals.every(({ reasons }) => reasons.length > 0));
  assert.deepEqual(
    signals.map(({ at_ms: atMs }) => atMs),
    signals.map(({ at_ms: atMs }) => atMs).toSorted((a, b) => b - a),
  );
  const ordered = signals.filter(({ orders }) => orders.length > 0);
  assert.equal(ordered.flatMap(({ orders }) => orders).length, session.intents);
  const few = await stack.engine.signals({
    query: { instrument: 'FAKE', from_ms: String(dayMs(100)), to_ms: String(dayMs(105)), limit: '3' },
  });
  assert.deepEqual(few.signals, signals.filter(({ at_ms: atMs }) => atMs <= dayMs(105)).slice(0, 3));
  assert.deepEqual((await stack.engine.signals({ query: { slot: 'other' } })).signals, []);
});

for (const [quality, why] of [
  ['block', 'stream_blocked'],
  ['silent', 'quality_unknown'],
] as const)
  test(`nothing is entered while the quality of the stream is ${quality}, and what is held is left`, async () => {
    await using free = await startFakeStack(BARS, PARAMS);
    await replay(free.engine);
    const entry = free.executor.orders.find(({ side }) => side === 'buy')!;
    await using stack = await startFakeStack(BARS, PARAMS);
    await replay(stack.engine, { to_ms: entry.as_of_ms });
    stack.ingester.quality = quality;
    const held = await replay(stack.engine);
    const bought = stack.executor.orders.filter(({ side }) => side === 'buy');
    assert.deepEqual(
      bought.map(({ decision_id: id }) => id),
      [entry.decision_id],
    );
    assert.equal(stack.executor.position.quantity, '0');
    assert.ok(held.withheld > 0);
    assert.equal(held.quality.verdict, quality === 'silent' ? 'unknown' : 'block');
    const { signals } = await stack.engine.signals({ query: { limit: '1000' } });
    assert.ok(signals.some(({ signal, reasons }) => signal && reasons.includes(why)));
  });

test('a kill switch holds entries back, and is lifted again', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  const kill = {
    kill_id: '3f0c5a56-8a39-4a0e-9a2b-5f6f0b8f7a12',
    scope: 'instrument:FAKE',
    level: 'reducing',
    by: 'test',
    reason: 'for a test',
    since_ms: 0,
  } as const;
  stack.gate.kills = [kill];
  const reducing = await replay(stack.engine, { to_ms: dayMs(100) });
  assert.equal(reducing.intents, 0);
  const { sessions } = await stack.engine.sessions({ query: {} });
  assert.deepEqual(sessions[0]?.state?.restricted, [
    { scope: 'trend_following', state: 'reducing', reason: 'for a test' },
  ]);
  const { signals } = await stack.engine.signals({ query: { limit: '1000' } });
  assert.ok(signals.some(({ reasons }) => reasons.includes('trading_reducing')));
  stack.gate.kills = [];
  assert.ok((await replay(stack.engine)).intents > 0);
});

test('an order that is denied is counted and not sent again', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  stack.executor.verdict = () => 'DENIED';
  const session = await replay(stack.engine);
  assert.ok(session.denied > 1);
  assert.deepEqual([session.denied, session.filled, session.equity.end], [session.intents, 0, START_CASH]);
  assert.equal(stack.executor.calls.submit, session.intents);
});

test('an order that is UNKNOWN ends the session, and none is begun while it is', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  stack.executor.verdict = () => 'UNKNOWN';
  const session = await replay(stack.engine);
  assert.deepEqual([session.intents, session.unknown], [1, 1]);
  assert.ok(session.bars < 120);
  const again = await replay(stack.engine);
  assert.deepEqual([again.bars, again.intents, again.unknown], [0, 0, 1]);
});

test('without a model the rule trades with conservative parameters, and the log says so', async () => {
  await using stack = await startFakeStack(BARS, PARAMS, { hasModel: false });
  const session = await replay(stack.engine);
  assert.ok(session.intents > 0);
  assert.equal(stack.controller.ofExpiredModel.size, stack.controller.decisions.size);
  const log = await stack.engine.sessionLog({ params: { session_id: session.session_id }, query: {} });
  assert.match(log, /"source":"conservative"/);
  assert.match(log, /model_missing/);
});

test('of an expired model come conservative parameters; chosen ones last no longer than it', async () => {
  const modelExpiresMs = dayMs(100);
  await using stack = await startFakeStack(BARS, PARAMS, { hasModel: true, modelExpiresMs });
  await replay(stack.engine);
  const decisions = [...stack.controller.decisions.values()];
  const late = decisions.filter(({ decided_ms: decidedMs }) => decidedMs >= modelExpiresMs);
  assert.ok(late.length > 0 && late.length < decisions.length);
  assert.deepEqual(new Set(late.map(({ config_id: id }) => id)), stack.controller.ofExpiredModel);
});

test('once the model is demoted come conservative parameters, at the next close and whatever was chosen before', async () => {
  const demotedFromMs = dayMs(100);
  await using stack = await startFakeStack(BARS, PARAMS, { hasModel: true, demotedFromMs });
  const session = await replay(stack.engine);
  const decisions = [...stack.controller.decisions.values()];
  const late = decisions.filter(({ decided_ms: decidedMs }) => decidedMs >= demotedFromMs);
  assert.ok(late.length > 0 && late.length < decisions.length);
  assert.deepEqual(new Set(late.map(({ config_id: id }) => id)), stack.controller.ofExpiredModel);
  const log = await stack.engine.sessionLog({ params: { session_id: session.session_id }, query: {} });
  assert.match(log, /model_demoted/);
});

test('features that no choice can be made from let nothing be entered, and do not stop the session', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  stack.controller.refuses = true;
  const session = await replay(stack.engine);
  assert.deepEqual([session.bars, session.intents, session.last_decision], [120, 0, null]);
});

test('what cannot be traded is refused before anything moves', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  const refused = async (change: Parameters<typeof replay>[1]) =>
    (await problemOf(replay(stack.engine, change))).code;
  assert.equal(await refused({ strategy: 'nothing' }), 'strategy_unknown');
  assert.equal(await refused({ strategy: 'pairs_trading' }), 'slot_invalid');
  assert.equal(await refused({ stream: 'csv:OTHER:1d' }), 'stream_unknown');
  assert.equal(await refused({ account: 'other' }), 'account_unknown');
  assert.equal(await refused({ from_ms: dayMs(200) }), 'invalid_request');
  stack.executor.reconciled = false;
  assert.equal(await refused({}), 'not_reconciled');
  stack.executor.reconciled = true;
  stack.executor.interfere('5');
  assert.equal(await refused({}), 'position_unexplained');
  assert.deepEqual(stack.executor.calls, { submit: 0, advance: 0, cancel: 0 });
  assert.deepEqual((await stack.engine.sessions({ query: {} })).sessions, []);
});

test('a position that the fills do not explain is not traded on', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  await replay(stack.engine, { to_ms: dayMs(90) });
  stack.executor.interfere('5');
  assert.equal((await problemOf(replay(stack.engine))).code, 'position_unexplained');
});

test('parameters outside of the schema stop the session', async () => {
  await using stack = await startFakeStack(BARS, { ...PARAMS, fast_bars: 20 });
  const problem = await problemOf(replay(stack.engine));
  assert.equal(problem.code, 'params_invalid');
  assert.deepEqual(problem.fields, [{ field: 'params.fast_bars', message: 'must be below slow_bars' }]);
});

test('one account is traded by one session at a time, whichever process is asked', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  const other = await stack.startEngine();
  const started = await replay(stack.engine, { to_ms: dayMs(41) });
  const [one, two] = await Promise.allSettled([replay(stack.engine), replay(other.client)]);
  const done = [one, two].filter((outcome) => outcome.status === 'fulfilled');
  const refused = [one, two].find((outcome) => outcome.status === 'rejected');
  if (refused) assert.match(String(refused.reason), /session_running/);
  assert.ok(done.length >= 1);
  assert.equal((await stack.engine.sessions({ query: {} })).sessions.length, 1);
  assert.equal(done[0]?.value.session_id, started.session_id);
  assert.equal(STREAM, REQUEST.stream);
});
