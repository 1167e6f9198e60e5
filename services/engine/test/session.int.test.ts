import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, PAPER_TERMS, START_CASH, type Fault } from './fake-executor.ts';
import { MODEL_ID } from './fake-model.ts';
import { dayMs, fakeBars, STREAM } from './fake-series.ts';
import { startFakeStack, type FakeStack } from './fake-stack.ts';
import { problemOf } from './problem-of.ts';

const BARS = fakeBars(160);
const PARAMS = { fast_bars: 4, slow_bars: 12, atr_bars: 5, stop_atr: 3, trend_min: -1, risk_fraction: 0.5 };
const REQUEST = {
  strategy: 'trend_following',
  stream: STREAM,
  account: ACCOUNT,
  from_ms: dayMs(40),
  to_ms: dayMs(160),
};

const trade = ({ engine }: FakeStack, toMs = REQUEST.to_ms) =>
  engine.session({ body: { ...REQUEST, to_ms: toMs } });

/** What happened to the account: orders in the order of their bars, without random ids. */
function storyOf({ executor }: FakeStack) {
  const orders = executor.orders.map((order) => [
    order.decision_id,
    order.side,
    order.quantity,
    order.status,
    order.average_price,
  ]);
  return { orders, equity: executor.equity };
}

test('a session trades every bar and learns every outcome once', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  const session = await trade(stack);
  assert.equal(session.bars, 120);
  assert.ok(session.filled >= 6, `${session.filled} filled`);
  assert.equal(session.intents, session.filled);
  assert.equal(session.outcomes, Math.floor(session.filled / 2));
  assert.equal(stack.controller.rewards.size, session.outcomes);
  assert.equal(stack.controller.repeated, 0);
  assert.deepEqual([session.denied, session.unknown], [0, 0]);
  assert.deepEqual(session.equity, { start: START_CASH, end: stack.executor.equity });
  assert.equal(session.last_decision?.preset_id, 'balanced');
  const { signals } = await stack.engine.signals();
  assert.equal(signals.length, session.signals);
});

test('the rewards add up to what the account has gained, when flat at the end', async () => {
  await using stack = await startFakeStack(BARS, { ...PARAMS, risk_fraction: 0.1 });
  await trade(stack);
  const { orders } = stack.executor;
  const gains = [...stack.controller.rewards].map(([configId, reward]) => {
    const entry = orders.find((order) => order.config_id === configId && order.side === 'buy')!;
    return reward * Number(entry.average_price) * Number(entry.quantity);
  });
  const realised = Number(stack.executor.position.realisedPnl) - Number(stack.executor.position.fees);
  const openFee = orders.length % 2 === 1 ? Number(orders.at(-1)?.fees) : 0;
  assert.ok(Math.abs(gains.reduce((sum, gain) => sum + gain, 0) - (realised + openFee)) < 1e-6);
});

test('a backtest and a session over the same bars write the same decision log, byte for byte', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  const session = await trade(stack);
  const backtest = await stack.engine.backtest({
    body: {
      strategy: REQUEST.strategy,
      stream: STREAM,
      from_ms: REQUEST.from_ms,
      to_ms: REQUEST.to_ms,
      params: PARAMS,
      model_id: MODEL_ID,
      start_cash: START_CASH,
      lot_size: '0.01',
      fee_bps: PAPER_TERMS.feeBps,
      slippage_bps: PAPER_TERMS.slippageBps,
    },
  });
  assert.equal(backtest.decision_log_sha256, session.decision_log_sha256);
  assert.equal(backtest.bars, session.bars);
  assert.equal(backtest.trades.length, session.outcomes);
  assert.equal(Number(backtest.equity.end), Number(session.equity.end));
});

for (const [quality, why] of [
  ['block', 'stream_blocked'],
  ['silent', 'quality_unknown'],
] as const) {
  test(`nothing is entered while the quality of the stream is ${quality}, and what is held is left`, async () => {
    await using free = await startFakeStack(BARS, PARAMS);
    await trade(free);
    const entry = free.executor.orders.find(({ side }) => side === 'buy')!;
    const exit = free.executor.orders.find(({ side }) => side === 'sell')!;

    await using stack = await startFakeStack(BARS, PARAMS);
    await trade(stack, entry.as_of_ms);
    stack.quality = quality;
    const held = await trade(stack);
    const sides = stack.executor.orders.map(({ side, as_of_ms }) => [side, as_of_ms]);
    assert.deepEqual(sides, [
      ['buy', entry.as_of_ms],
      ['sell', exit.as_of_ms],
    ]);
    assert.ok(held.withheld > 0);
    assert.equal(held.quality.verdict, quality === 'silent' ? 'unknown' : 'block');
    assert.ok(held.quality.reasons.length > 0);
    const { signals } = await stack.engine.signals();
    const withheld = signals.filter((signal) => signal.withheld !== null);
    assert.equal(withheld.length, held.withheld);
    assert.ok(withheld.every((signal) => signal.action === 'enter_long' && signal.withheld === why));
  });
}

test('a stream with a warning is traded like any other', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  stack.quality = 'warn';
  const session = await trade(stack);
  assert.deepEqual([session.withheld, session.quality.verdict], [0, 'warn']);
  assert.ok(session.filled >= 6);
});

test('a session that is run again finds nothing to do', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  await trade(stack);
  const before = storyOf(stack);
  const again = await trade(stack);
  assert.deepEqual([again.bars, again.signals, again.intents, again.filled, again.outcomes], [0, 0, 0, 0, 0]);
  assert.deepEqual(storyOf(stack), before);
});

const BREAKOUT = {
  lookback_bars: 5,
  breakout_atr: 0,
  atr_bars: 5,
  stop_atr: 4,
  hold_bars_max: 6,
  trend_min: -1,
  risk_fraction: 0.5,
};
const CASES: readonly [string, Record<string, number>][] = [
  ['trend_following', PARAMS],
  ['momentum_breakout', BREAKOUT],
];

for (const [strategy, params] of CASES) {
  test(`${strategy} in a session a day comes to the same as in a single run`, async () => {
    await using whole = await startFakeStack(BARS, params);
    const session = await whole.engine.session({ body: { ...REQUEST, strategy } });
    assert.ok(session.filled >= 6, `${session.filled} filled`);
    await using daily = await startFakeStack(BARS, params);
    for (let day = 41; day <= 160; day++)
      await daily.engine.session({ body: { ...REQUEST, strategy, to_ms: dayMs(day) } });
    assert.deepEqual(storyOf(daily), storyOf(whole));
    assert.equal(daily.controller.rewards.size, session.outcomes);
  });
}

test('parameters that have expired choose no entry', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  await trade(stack);
  for (const order of stack.executor.orders.filter(({ side }) => side === 'buy')) {
    const decision = stack.controller.decisions.get(order.config_id)!;
    assert.ok(order.as_of_ms >= decision.decided_ms && order.as_of_ms < decision.expires_ms);
  }
});

test('parameters last no longer than the model behind them; of an expired one the controller is told', async () => {
  const modelExpiresMs = dayMs(100);
  await using stack = await startFakeStack(BARS, PARAMS, { hasModel: true, modelExpiresMs });
  await trade(stack);
  const decisions = [...stack.controller.decisions.values()];
  const late = decisions.filter(({ decided_ms: decidedMs }) => decidedMs >= modelExpiresMs);
  assert.ok(late.length > 0 && late.length < decisions.length);
  assert.deepEqual(new Set(late.map(({ config_id: id }) => id)), stack.controller.ofExpiredModel);
  for (const order of stack.executor.orders.filter(({ side }) => side === 'buy')) {
    assert.equal(stack.controller.ofExpiredModel.has(order.config_id), order.as_of_ms >= modelExpiresMs);
  }
});

test('on the word of a model that has seen later bars nothing is entered', async () => {
  const trainedToMs = dayMs(100);
  await using stack = await startFakeStack(BARS, PARAMS, { hasModel: true, trainedToMs });
  await trade(stack);
  const entries = stack.executor.orders.filter(({ side }) => side === 'buy');
  assert.ok(entries.length > 0);
  for (const order of entries) assert.ok(order.as_of_ms > trainedToMs);
});

test('an outcome that was not learned before the process died is learned without a further bar', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  await trade(stack);
  const exit = stack.executor.orders.find(({ side }) => side === 'sell')!;
  const exitClosedMs = exit.fills[0]!.filled_ms + 86_400_000;
  await using other = await startFakeStack(BARS, PARAMS);
  await trade(other, exitClosedMs - 1);
  other.executor.fault = dieAt('advance', 'after', 1);
  await problemOf(trade(other, exitClosedMs));
  assert.equal(other.controller.rewards.size, 0);
  const resumed = await trade(other, exitClosedMs);
  assert.deepEqual([resumed.bars, resumed.outcomes, other.controller.rewards.size], [0, 1, 1]);
});

test('a decision that was denied is not put again after a restart', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  stack.executor.verdict = () => 'DENIED';
  const whole = await trade(stack);
  await using daily = await startFakeStack(BARS, PARAMS);
  daily.executor.verdict = () => 'DENIED';
  let denied = 0;
  for (let day = 41; day <= 160; day++) denied += (await trade(daily, dayMs(day))).denied;
  assert.equal(denied, whole.denied);
  assert.equal(daily.executor.orders.length, whole.denied);
});

/** Dies once, at the nth call of a kind. */
function dieAt(kind: 'submit' | 'advance', when: 'before' | 'after', nth: number): Fault {
  let calls = 0;
  return (call, moment) => {
    if (call !== kind || moment !== when) return;
    calls++;
    if (calls === nth) throw new Error('died here');
  };
}

test('a session that dies at any step goes on where it stood, sending nothing twice and losing nothing', async () => {
  const untilMs = dayMs(100);
  await using whole = await startFakeStack(BARS, PARAMS);
  await trade(whole, untilMs);
  const expected = storyOf(whole);
  const filledDay = (index: number) => {
    const filledMs = whole.executor.orders[index]!.fills[0]!.filled_ms;
    return (filledMs - REQUEST.from_ms) / 86_400_000 + 1;
  };
  const deaths = (['before', 'after'] as const).flatMap((when) => [
    dieAt('submit', when, 1),
    dieAt('submit', when, 2),
    dieAt('submit', when, 3),
    dieAt('advance', when, 1),
    dieAt('advance', when, 2),
    dieAt('advance', when, filledDay(0)),
    dieAt('advance', when, filledDay(0) - 1),
    dieAt('advance', when, filledDay(1)),
    dieAt('advance', when, filledDay(1) + 1),
    dieAt('advance', when, 60),
  ]);
  for (const [index, fault] of deaths.entries()) {
    await using stack = await startFakeStack(BARS, PARAMS);
    stack.executor.fault = fault;
    const problem = await problemOf(trade(stack, untilMs));
    assert.match(problem.code, /^neighbour_/);
    await trade(stack, untilMs);
    assert.deepEqual(storyOf(stack), expected, `death ${index}`);
    assert.equal(stack.controller.rewards.size, whole.controller.rewards.size, `death ${index}`);
  }
});

test('an order that is denied is counted and not sent again', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  stack.executor.verdict = () => 'DENIED';
  const session = await trade(stack);
  assert.ok(session.denied > 1);
  assert.equal(session.denied, session.intents);
  assert.equal(new Set(stack.executor.orders.map(({ decision_id }) => decision_id)).size, session.denied);
  assert.equal(session.filled, 0);
  assert.equal(session.equity.end, START_CASH);
});

test('an order that is UNKNOWN ends the session, and none is begun while it is', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  stack.executor.verdict = () => 'UNKNOWN';
  const session = await trade(stack);
  assert.deepEqual([session.intents, session.unknown], [1, 1]);
  assert.ok(session.bars < 120);
  const again = await trade(stack);
  assert.deepEqual([again.bars, again.intents, again.unknown], [0, 0, 1]);
});

test('without a model nothing is entered', async () => {
  await using stack = await startFakeStack(BARS, PARAMS, { hasModel: false });
  const session = await trade(stack);
  assert.deepEqual([session.bars, session.signals, session.intents], [120, 0, 0]);
  assert.equal(stack.controller.decisions.size, 0);
});

test('features that no choice can be made from let nothing be entered, and do not stop the session', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  stack.controller.refuses = true;
  const session = await trade(stack);
  assert.deepEqual([session.bars, session.intents, session.last_decision], [120, 0, null]);
});

test('what cannot be traded is refused before anything moves', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  const refused = async (change: Partial<typeof REQUEST>) =>
    (await problemOf(stack.engine.session({ body: { ...REQUEST, ...change } }))).code;
  assert.equal(await refused({ strategy: 'mean_reversion' }), 'strategy_unknown');
  assert.equal(await refused({ stream: 'csv:OTHER:1d' }), 'stream_unknown');
  assert.equal(await refused({ account: 'other' }), 'account_unknown');
  stack.executor.reconciled = false;
  assert.equal(await refused({}), 'not_reconciled');
  stack.executor.reconciled = true;
  stack.executor.position = { ...stack.executor.position, quantity: '5', averagePrice: '1' };
  assert.equal(await refused({}), 'position_unexplained');
  assert.equal(stack.executor.account.clock_ms, null);
});

test('parameters outside of the schema stop the session', async () => {
  await using stack = await startFakeStack(BARS, { ...PARAMS, fast_bars: 20 });
  const problem = await problemOf(trade(stack));
  assert.equal(problem.code, 'params_invalid');
  assert.deepEqual(problem.fields, [{ field: 'params.fast_bars', message: 'must be below slow_bars' }]);
});

test('one account is traded by one session at a time', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  const first = trade(stack);
  const second = await problemOf(trade(stack));
  assert.equal(second.code, 'session_running');
  assert.equal((await first).bars, 120);
});
