// A session that dies at any step goes on where it stood: nothing twice, nothing lost, the same log.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { FaultPoint } from '../src/session/session-deps.ts';
import type { Fault } from './fake-executor.ts';
import { regimesOf } from './fake-model.ts';
import { dayMs, fakeBars } from './fake-series.ts';
import { startFakeStack, type FakeStack } from './fake-stack.ts';
import { problemOf } from './problem-of.ts';
import { backtestOf, BARS, PARAMS, replay, storyOf } from './replay-rig.ts';

/** Until then, so that each death takes little time. */
const UNTIL_MS = dayMs(100);

/** Throws once, at the nth time that it is called for a point. */
function dieOnceAt(wanted: string, nth: number) {
  let calls = 0;
  return (point: string): void => {
    if (point === wanted && ++calls === nth) throw new Error('died here');
  };
}

const dieInCall = (call: Parameters<Fault>[0], when: Parameters<Fault>[1], nth: number): Fault => {
  const die = dieOnceAt(`${call} ${when}`, nth);
  return (calling, moment) => die(`${calling} ${moment}`);
};

const POINTS: readonly FaultPoint[] = [
  'before_journal',
  'after_journal',
  'before_submit',
  'after_submit',
  'after_advance',
  'after_outcome',
];
const CALLS = [
  ['submit', 'before'],
  ['submit', 'after'],
  ['advance', 'before'],
  ['advance', 'after'],
  ['cancel', 'before'],
  ['cancel', 'after'],
] as const;

async function expectSame(stack: FakeStack, whole: FakeStack, sha256: string, where: string): Promise<void> {
  const done = await replay(stack.engine, { to_ms: UNTIL_MS });
  assert.deepEqual(storyOf(stack), storyOf(whole), where);
  assert.equal(done.decision_log_sha256, sha256, where);
  assert.equal(stack.controller.rewards.size, whole.controller.rewards.size, where);
}

test('it may die between any two steps of its own', async () => {
  await using whole = await startFakeStack(BARS, PARAMS);
  const { decision_log_sha256: sha256 } = await replay(whole.engine, { to_ms: UNTIL_MS });
  for (const point of POINTS)
    for (const nth of [1, 2]) {
      const overrides = { fault: dieOnceAt(point, nth) };
      await using stack = await startFakeStack(BARS, PARAMS, { hasModel: true, overrides });
      const died = await replay(stack.engine, { to_ms: UNTIL_MS }).then(
        () => false,
        () => true,
      );
      assert.ok(died || nth > 1, `${point} came`);
      await expectSame(stack, whole, sha256, `${point} ${nth}`);
    }
});

test('it may die in any call of the executor, before it had its effect or after', async () => {
  await using whole = await startFakeStack(BARS, PARAMS);
  const { decision_log_sha256: sha256 } = await replay(whole.engine, { to_ms: UNTIL_MS });
  for (const [call, when] of CALLS)
    for (const nth of [1, 2]) {
      await using stack = await startFakeStack(BARS, PARAMS);
      stack.executor.fault = dieInCall(call, when, nth);
      await replay(stack.engine, { to_ms: UNTIL_MS }).catch(() => undefined);
      await expectSame(stack, whole, sha256, `${call} ${when} ${nth}`);
    }
});

test('it may die whenever time has passed at the venue, whether or not something filled there', async () => {
  // A stop so close that it fills while nothing is decided.
  const params = { ...PARAMS, stop_atr: 0.5 };
  const toMs = dayMs(130);
  await using whole = await startFakeStack(BARS, params);
  const { decision_log_sha256: sha256 } = await replay(whole.engine, { to_ms: toMs });
  const stopped = whole.executor.orders.filter(
    ({ leg, status }) => leg === 'entry_stop' && status === 'FILLED',
  );
  assert.ok(stopped.length > 1);
  const { advance: advances } = whole.executor.calls;
  for (let nth = 3; nth < advances; nth += 4) {
    await using stack = await startFakeStack(BARS, params);
    stack.executor.fault = dieInCall('advance', 'after', nth);
    await assert.rejects(replay(stack.engine, { to_ms: toMs }));
    const again = await replay(stack.engine, { to_ms: toMs });
    assert.equal(again.decision_log_sha256, sha256, `advance ${nth}`);
    assert.deepEqual(storyOf(stack), storyOf(whole), `advance ${nth}`);
  }
});

test('it goes on from snapshots as well, with the log of a backtest', async () => {
  const bars = fakeBars(1_200);
  await using stack = await startFakeStack(bars, PARAMS);
  let last;
  for (const day of [300, 560, 561, 900, 1_150, 1_200])
    last = await replay(stack.engine, { to_ms: dayMs(day) });
  const backtest = backtestOf('trend_following', PARAMS, regimesOf(bars), { bars, warmUp: 40 });
  assert.equal(last?.decision_log_sha256, backtest.sha256);
  const { rows } = await sql<{ seq: number }>`SELECT seq FROM engine.snapshot ORDER BY seq`.execute(
    stack.database.db,
  );
  assert.deepEqual(
    rows.map(({ seq }) => seq),
    [512, 1_024],
  );
});

test('a journal that comes to other lines stops the session for good, on the record, until somebody has looked', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  const { session_id: sessionId } = await replay(stack.engine, { to_ms: dayMs(60) });
  const { db } = stack.database;
  await sql`ALTER TABLE engine.journal DISABLE TRIGGER keep_journal`.execute(db);
  await sql`UPDATE engine.journal SET events = replace(events::text, '"pass"', '"warn"')::jsonb WHERE seq = 1`.execute(
    db,
  );
  const { orders } = storyOf(stack);
  assert.equal((await problemOf(replay(stack.engine))).code, 'journal_mismatch');
  const failed = await stack.engine.sessionById({ params: { session_id: sessionId } });
  assert.deepEqual(
    [failed.status, failed.problem?.code, failed.claimed_by],
    ['failed', 'journal_mismatch', null],
  );
  assert.equal((await problemOf(replay(stack.engine))).code, 'session_failed');
  assert.deepEqual(storyOf(stack).orders, orders, 'nothing was traded');
  const { rows } = await sql<{ kind: string }>`SELECT kind FROM audit.outbox ORDER BY outbox_id`.execute(db);
  assert.deepEqual(
    rows.map(({ kind }) => kind),
    ['session.started', 'session.failed'],
  );
  await stack.engine.stopSession({ params: { session_id: sessionId } });
  const looked = await replay(stack.engine, { to_ms: dayMs(62) });
  assert.notEqual(looked.session_id, sessionId);
});

test('the journal is never changed', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  await replay(stack.engine, { to_ms: dayMs(45) });
  await assert.rejects(sql`UPDATE engine.journal SET lines = '{}'`.execute(stack.database.db), /not allowed/);
  await assert.rejects(sql`DELETE FROM engine.journal`.execute(stack.database.db), /not allowed/);
});

test('a process that died holds a session no longer than its lease', async () => {
  await using stack = await startFakeStack(BARS, PARAMS);
  await replay(stack.engine, { to_ms: dayMs(45) });
  const { db } = stack.database;
  await sql`UPDATE engine.session SET claimed_by = 'dead', lease_until = clock_timestamp() + interval '1 minute'`.execute(
    db,
  );
  assert.equal((await problemOf(replay(stack.engine))).code, 'session_running');
  const { sessions: held } = await stack.engine.sessions({ query: {} });
  assert.equal(held[0]?.claimed_by, 'dead');
  await sql`UPDATE engine.session SET lease_until = clock_timestamp()`.execute(db);
  const { sessions: free } = await stack.engine.sessions({ query: {} });
  assert.equal(free[0]?.claimed_by, null);
  assert.equal((await replay(stack.engine, { to_ms: dayMs(46) })).bars, 1);
});
