// A live session on a clock that the test moves: bars as they come, stale streams, crashes, replicas.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { sha256Hex, type Bar, type Session } from '@aistock/shared';
import { sql } from 'kysely';
import { ACCOUNT } from './fake-executor.ts';
import { regimesOf } from './fake-model.ts';
import { LIMITS } from './fake-gate.ts';
import { dayMs, fakeBars, INSTRUMENT, STREAM } from './fake-series.ts';
import { startFakeStack, type FakeStack } from './fake-stack.ts';
import { problemOf } from './problem-of.ts';
import { backtestOf, PARAMS } from './replay-rig.ts';

const WARM_UP = 60;
const BARS = fakeBars(100);
const LIVE = { mode: 'live', strategy: 'trend_following', stream: STREAM, account: ACCOUNT } as const;
/** Within that, whatever else the machine does. */
const WITHIN_MS = 60_000;
const LOOK_MS = 20;
const DAY_MS = 86_400_000;
const LATE_MS = 1_000;
const ENV = { STALE_AFTER_S: '120', BAR_GRACE_MS: '50' };

/** A stack whose engines have a clock that stands still until it is moved, and of whose bars the first are there. */
async function liveStack(fault: (point: string) => void = () => undefined, env: Record<string, string> = {}) {
  const clock = { nowMs: () => now.ms };
  const now = { ms: dayMs(WARM_UP) + LATE_MS };
  const stack = await startFakeStack(BARS, PARAMS, {
    hasModel: true,
    env: { ...ENV, ...env },
    overrides: { clock, fault },
  });
  stack.ingester.show(WARM_UP);
  return Object.assign(stack, {
    clock,
    /** The bar of a day closes, and comes in so late. */
    closeDay: (day: number, lateMs = LATE_MS) => {
      now.ms = dayMs(day) + lateMs;
      stack.ingester.show(day);
    },
    setNow: (ms: number) => {
      now.ms = ms;
    },
  });
}

async function begin({ engine }: Pick<FakeStack, 'engine'>): Promise<string> {
  const answer = await engine.session({ body: LIVE });
  assert.equal(answer.mode, 'live');
  return answer.session_id;
}

/** The session as soon as it is as wanted. */
async function shown(
  { engine }: Pick<FakeStack, 'engine'>,
  sessionId: string,
  isWanted: (session: Session) => boolean,
): Promise<Session> {
  const endMs = performance.now() + WITHIN_MS;
  for (;;) {
    const session = await engine.sessionById({ params: { session_id: sessionId } });
    if (isWanted(session)) return session;
    assert.ok(performance.now() < endMs, `the session is ${JSON.stringify(session)}`);
    await pause(LOOK_MS);
  }
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  const endMs = performance.now() + WITHIN_MS;
  for (; !isSo(); await pause(LOOK_MS)) assert.ok(performance.now() < endMs, what);
}

async function tradeDays(
  stack: Awaited<ReturnType<typeof liveStack>>,
  id: string,
  toDay: number,
  fromDay = WARM_UP + 1,
) {
  for (let day = fromDay; day <= toDay; day++) {
    stack.closeDay(day);
    await shown(stack, id, ({ last_close_ms: lastMs, state }) => lastMs === dayMs(day) && isSent(state));
  }
}

/** Whether the executor has every order: one that waits for a day would be too old to be sent. */
function isSent(state: Session['state']): boolean {
  return state?.working_orders.every(({ order_id: orderId }) => orderId !== null) ?? false;
}

/** What a backtest over the same bars logs. */
const expectedLog = (toDay: number) =>
  backtestOf('trend_following', PARAMS, regimesOf(BARS), { bars: BARS.slice(0, toDay), warmUp: WARM_UP })
    .lines;

async function logOf({ engine }: Pick<FakeStack, 'engine'>, id: string): Promise<string[]> {
  const log = await engine.sessionLog({ params: { session_id: id }, query: {} });
  return log.trimEnd().split('\n');
}

test('it decides on each bar as it comes as a backtest does, until it is stopped', async () => {
  await using stack = await liveStack();
  const id = await begin(stack);
  assert.equal(await begin(stack), id, 'the same request finds the same session');
  const running = await shown(stack, id, ({ claimed_by: by }) => by !== null);
  assert.deepEqual([running.status, running.closes], ['open', 0]);
  await tradeDays(stack, id, 100);
  assert.deepEqual(await logOf(stack, id), expectedLog(100));
  assert.ok(stack.executor.orders.length > 2);
  assert.equal(stack.controller.repeated, 0);
  const replaying = stack.engine.session({
    body: { ...LIVE, mode: 'replay', from_ms: 0, to_ms: dayMs(100) },
  });
  assert.equal((await problemOf(replaying)).code, 'session_running');
  await stack.engine.stopSession({ params: { session_id: id } });
  const stopped = await shown(stack, id, ({ status }) => status === 'stopped');
  const lines = await logOf(stack, id);
  assert.equal(stopped.state?.decision_log_sha256, sha256Hex(lines.map((line) => `${line}\n`).join('')));
  const { rows } = await sql<{ kind: string }>`SELECT kind FROM audit.outbox ORDER BY outbox_id`.execute(
    stack.database.db,
  );
  assert.deepEqual(
    rows.map(({ kind }) => kind),
    ['session.started', 'session.stopped'],
  );
});

test('it goes on by itself after breaking off at any step', async () => {
  const due = new Map([
    ['before_journal', 2],
    ['after_journal', 3],
    ['before_submit', 1],
    ['after_submit', 2],
    ['after_advance', 2],
    ['after_outcome', 1],
  ]);
  await using stack = await liveStack((point) => {
    const left = due.get(point) ?? 0;
    due.set(point, left - 1);
    if (left === 1) throw new Error('died here');
  });
  const id = await begin(stack);
  await tradeDays(stack, id, 90);
  assert.ok(
    [...due.values()].every((left) => left < 1),
    'each came',
  );
  assert.deepEqual(await logOf(stack, id), expectedLog(90));
  assert.ok(stack.ingester.waiting <= 1, 'what broke off waits for no more bars');
  await stack.engine.stopSession({ params: { session_id: id } });
  await shown(stack, id, ({ status }) => status === 'stopped');
  await until(() => stack.ingester.waiting === 0, 'nor does what was stopped');
});

test('bars that cannot be are not decided on: the stream is stale until they make sense', async () => {
  const nonsense: ((bars: readonly Bar[]) => readonly Bar[])[] = [
    (bars) => bars.map((bar) => ({ ...bar, open_ms: bar.open_ms - 5 * DAY_MS })),
    (bars) => bars.map((bar) => ({ ...bar, open_ms: bar.open_ms + 5 * DAY_MS })),
  ];
  for (const spoil of nonsense) {
    await using stack = await liveStack();
    const id = await begin(stack);
    await tradeDays(stack, id, 63);
    stack.ingester.spoil = spoil;
    stack.closeDay(64, 121_000);
    const stale = await shown(stack, id, ({ state }) => state?.streams[0]?.stale === true);
    assert.deepEqual([stale.status, stale.closes], ['open', 3]);
    stack.ingester.spoil = (bars) => bars;
    await tradeDays(stack, id, 66, 64);
  }
});

test('of two replicas one trades, and the other takes over where it stops', async () => {
  await using stack = await liveStack();
  const other = await stack.startEngine({ clock: stack.clock });
  const id = await begin(stack);
  await tradeDays(stack, id, 70);
  const before = await stack.engine.sessionById({ params: { session_id: id } });
  const third = await stack.startEngine({ clock: stack.clock });
  await Promise.all([stack.stopFirst(), other.service.stop()]);
  const rest = Object.assign(stack, { engine: third.client });
  await shown(rest, id, ({ claimed_by: by }) => by !== null && by !== before.claimed_by);
  await tradeDays(rest, id, 90, 71);
  assert.deepEqual(await logOf(rest, id), expectedLog(90));
});

test('a stream without its bar is stale, says so and enters nothing; with bars in time it trades again', async () => {
  await using stack = await liveStack();
  const id = await begin(stack);
  await shown(stack, id, ({ claimed_by: by }) => by !== null);
  assert.equal(((await (await fetch(`${stack.url}/health`)).json()) as { status: string }).status, 'healthy');
  stack.setNow(dayMs(61) + 121_000);
  const stale = await shown(stack, id, ({ state }) => state?.streams[0]?.stale === true);
  assert.equal(stale.closes, 0);
  stack.setNow(dayMs(61) + 123_000); // what health found is kept for a second of this clock
  const health = (await (await fetch(`${stack.url}/health`)).json()) as {
    status: string;
    checks: { detail?: string }[];
  };
  assert.equal(health.status, 'degraded');
  assert.ok(health.checks.some(({ detail }) => detail?.includes(STREAM)));
  assert.match(await (await fetch(`${stack.url}/metrics`)).text(), /engine_streams_stale\{[^}]*\} 1/);
  for (let day = 61; day <= 66; day++) {
    stack.closeDay(day, 130_000);
    await shown(stack, id, ({ last_close_ms: lastMs }) => lastMs === dayMs(day));
  }
  assert.equal(stack.executor.orders.length, 0, 'late bars enter nothing');
  const { signals } = await stack.engine.signals({ query: { session_id: id } });
  assert.ok(signals.some(({ signal, reasons }) => signal && reasons.includes('stream_stale')));
  await tradeDays(stack, id, 70, 67);
  assert.ok(stack.executor.orders.length > 0);
});

test('after a break the bars of the past are seen, and only the newest is decided on', async () => {
  await using stack = await liveStack();
  const id = await begin(stack);
  await tradeDays(stack, id, 65);
  stack.closeDay(75);
  const session = await shown(stack, id, ({ last_close_ms: lastMs }) => lastMs === dayMs(75));
  assert.equal(session.closes, 6);
  assert.equal(session.state?.streams[0]?.last_open_ms, dayMs(74));
});

test('while risk_gate does not answer nothing is entered, and the session goes on', async () => {
  await using stack = await liveStack();
  stack.gate.isSilent = true;
  const id = await begin(stack);
  await tradeDays(stack, id, 85);
  const { state } = await stack.engine.sessionById({ params: { session_id: id } });
  assert.deepEqual(state?.restricted, [{ scope: 'firm', state: 'halted', reason: 'risk_gate_unreachable' }]);
  assert.equal(stack.executor.orders.length, 0);
  stack.gate.isSilent = false;
  await tradeDays(stack, id, 100, 86);
  assert.deepEqual((await stack.engine.sessionById({ params: { session_id: id } })).state?.restricted, []);
});

/** Holds the whole process up, as one that is suspended. */
function stall(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

test('a process that was held up past its lease sends nothing of the close that it was at', async () => {
  const seen = { submits: 0 };
  let hold: (() => void) | undefined;
  await using stack = await liveStack(
    (point) => {
      if (point === 'before_submit' && ++seen.submits === 1) hold?.();
    },
    { SESSION_LEASE_S: '2' },
  );
  hold = () => {
    stall(1_800);
    stack.setNow(stack.clock.nowMs() + 121_000);
  };
  const id = await begin(stack);
  for (let day = WARM_UP + 1; seen.submits === 0; day++) {
    stack.closeDay(day);
    await shown(stack, id, ({ last_close_ms: lastMs, state }) => lastMs === dayMs(day) && isSent(state));
  }
  const taken = await shown(stack, id, ({ claimed_by: by }) => by !== null);
  assert.deepEqual(taken.state?.working_orders, [], 'it is too old to be sent by the next one');
  assert.equal(stack.executor.calls.submit, 0);
});

test('an entry that is decided late, for somebody took long to answer, is not sent', async () => {
  let closes = 0;
  let delay: (() => void) | undefined;
  await using stack = await liveStack((point) => {
    if (point === 'before_journal') delay?.();
  });
  delay = () => stack.setNow(dayMs(WARM_UP + ++closes) + 121_000);
  const id = await begin(stack);
  await tradeDays(stack, id, 75);
  const { signals } = await stack.engine.signals({ query: { session_id: id } });
  assert.ok(signals.some(({ orders }) => orders.length > 0));
  assert.equal(stack.executor.calls.submit, 0);
});

test('what somebody else trades on the account stops the session while nothing closes, and is told', async () => {
  await using stack = await liveStack();
  const id = await begin(stack);
  await tradeDays(stack, id, 63);
  stack.executor.interfere('5');
  stack.setNow(dayMs(63) + 30_000);
  const broken = await shown(stack, id, ({ problem }) => problem !== null);
  assert.deepEqual([broken.status, broken.problem?.code], ['open', 'position_unexplained']);
  stack.executor.interfere('-5');
  const mended = await shown(stack, id, ({ problem, claimed_by: by }) => problem === null && by !== null);
  assert.equal(mended.closes, 3);
  await tradeDays(stack, id, 66, 64);
});

test('a stop that dies is told while nothing closes, and the position is left at the next close', async () => {
  await using stack = await liveStack();
  const id = await begin(stack);
  let day = WARM_UP;
  while (stack.executor.position.quantity === '0') await tradeDays(stack, id, ++day, day);
  assert.ok(stack.executor.loseStops() > 0);
  stack.setNow(dayMs(day) + 30_000);
  const told = await shown(stack, id, ({ state }) => state?.positions[0]?.stop_missing === true);
  assert.equal(told.last_close_ms, dayMs(day));
  stack.setNow(dayMs(day) + 32_000);
  const health = await (await fetch(`${stack.url}/health`)).text();
  assert.match(health, /no stop works behind/);
  assert.match(await (await fetch(`${stack.url}/metrics`)).text(), /engine_positions_unprotected\{[^}]*\} 1/);
  await tradeDays(stack, id, day + 2, day + 1);
  const { signals } = await stack.engine.signals({ query: { session_id: id } });
  assert.ok(signals.some(({ reasons }) => reasons.includes('stop_lost')));
  assert.equal(stack.executor.position.quantity, '0');
});

test('parameters that make no sense stop the slot from entering, and not the session', async () => {
  await using stack = await liveStack();
  const { params } = stack.controller;
  stack.controller.params = { ...PARAMS, fast_bars: 20 };
  const id = await begin(stack);
  await tradeDays(stack, id, 64);
  const { state, status } = await stack.engine.sessionById({ params: { session_id: id } });
  assert.equal(status, 'open');
  assert.deepEqual(state?.last_decisions[0]?.reasons, ['no_params']);
  stack.controller.params = params;
  await tradeDays(stack, id, 90, 65);
  assert.ok(stack.executor.orders.length > 0);
});

test('a stream that has never had a bar is stale', async () => {
  await using stack = await liveStack();
  stack.ingester.show(0);
  const id = await begin(stack);
  await shown(stack, id, ({ state }) => state?.streams[0]?.stale === true);
  stack.closeDay(61);
  const session = await shown(stack, id, ({ closes }) => closes === 1);
  assert.equal(session.state?.streams[0]?.stale, false);
});

test('limits that change while it runs are traded by from the next close on, and still after a crash', async () => {
  let dies = false;
  await using stack = await liveStack((point) => {
    if (point === 'after_journal' && dies) {
      dies = false;
      throw new Error('died here');
    }
  });
  const id = await begin(stack);
  await tradeDays(stack, id, 62);
  const own = { ...LIMITS.instruments[INSTRUMENT]!, notional_max: '500', lot_size: '0.5' };
  stack.gate.limits = { ...LIMITS, instruments: { [INSTRUMENT]: own } };
  await tradeDays(stack, id, 63, 63);
  dies = true;
  await tradeDays(stack, id, 95, 64);
  const entries = stack.executor.orders.filter(
    ({ leg, as_of_ms: asOfMs }) => leg === 'entry' && asOfMs > dayMs(62),
  );
  assert.ok(entries.length > 0);
  for (const { quantity } of entries) {
    assert.ok(Number(quantity) < 7, `${quantity} at about 100 is worth more than 500`);
    assert.equal(Number(quantity) % 0.5, 0);
  }
});
