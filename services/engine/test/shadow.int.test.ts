// Each night a session's day is run again as a backtest: what it finds, and what is done about it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { canonicalJson, type Client, type engineApi, type ShadowDay } from '@aistock/shared';
import { product, sum } from '@aistock/trading/portfolio';
import { sql } from 'kysely';
import { COSTS, recordSession, type RecordedSession } from './day-session.ts';
import { dayMs } from './fake-series.ts';
import { startFakeStack } from './fake-stack.ts';
import { problemOf } from './problem-of.ts';
import { BARS as DAILY_BARS, PARAMS, replay } from './replay-rig.ts';
import { BARS, dayName, FIRST_MS, startShadowStack, type ShadowStack } from './shadow-stack.ts';

const DAY_MS = 86_400_000;
const NOTHING = { data: '0', timing: '0', fill: '0', fee: '0', decision: '0', rest: '0' };
/** Nothing is past them. */
const WIDE = {
  SHADOW_ALERT_BPS: '10000',
  SHADOW_REDUCE_BPS: '10000',
  SHADOW_ALERT_SHARE: '1',
  SHADOW_REDUCE_SHARE: '1',
};

let stack: ShadowStack;
let engine: Client<typeof engineApi>;
before(async () => {
  stack = await startShadowStack();
  engine = (await stack.startEngine(WIDE)).client;
});
after(() => stack[Symbol.asyncDispose]());

let accounts = 0;
/** Its own account each: sessions that are live on one account exclude each other. */
async function shadowOf(session: RecordedSession, day = 1): Promise<ShadowDay> {
  const session_id = await keep(session);
  return engine.shadow({ body: { session_id, day: dayName(day) } });
}

async function keep(session: RecordedSession): Promise<string> {
  const sessionId = await stack.keep(session);
  await sql`UPDATE engine.session SET account = ${`paper_${++accounts}`} WHERE session_id = ${sessionId}`.execute(
    stack.database.db,
  );
  return sessionId;
}

const partsThatDiffer = ({ result }: ShadowDay): string[] =>
  Object.entries(result!.parts).flatMap(([part, amount]) => (amount === '0' ? [] : [part]));

function checkedSum({ result, difference }: ShadowDay): void {
  assert.equal(sum(...Object.values(result!.parts)), difference);
  assert.equal(sum(result!.equity.live, product('-1', result!.equity.shadow)), difference);
}

test('a paper day that was traded by the rules comes to the same, in every part', async () => {
  for (const day of [0, 1, 2]) {
    const shadow = await shadowOf(recordSession(BARS), day);
    assert.deepEqual([shadow.status, shadow.verdict, shadow.difference], ['done', 'same', '0']);
    assert.deepEqual(shadow.result!.parts, NOTHING);
    assert.deepEqual(shadow.result!.decisions, { compared: 96, differing: 0, unexplained: 0, first: [] });
    assert.ok(shadow.result!.fills.live > 2);
    assert.deepEqual([shadow.result!.bars.same_at_end, shadow.result!.bars.same_now], [true, true]);
  }
});

test('days of a replay come to the same, over positions, orders and parameters of the days before', async () => {
  await using desk = await startFakeStack(DAILY_BARS, PARAMS);
  const { session_id } = await replay(desk.engine);
  let fills = 0;
  for (let day = 41; day < 90; day++) {
    const shadow = await desk.engine.shadow({
      body: { session_id, day: new Date(dayMs(day)).toISOString().slice(0, 10) },
    });
    assert.deepEqual([shadow.status, shadow.verdict, shadow.problem], ['done', 'same', null], String(day));
    assert.deepEqual(shadow.result!.parts, NOTHING);
    assert.equal(shadow.result!.decisions.differing, 0);
    fills += shadow.result!.fills.live;
  }
  assert.ok(fills > 1, String(fills));
});

test('bars that were restated since are data', async () => {
  stack.world.restated = BARS.map((bar) =>
    bar.openMs >= FIRST_MS + DAY_MS + DAY_MS / 2 ? { ...bar, open: product(bar.open, '1.001') } : bar,
  );
  const shadow = await shadowOf(recordSession(BARS));
  stack.world.restated = BARS;
  assert.deepEqual(partsThatDiffer(shadow), ['data']);
  assert.deepEqual([shadow.result!.bars.same_at_end, shadow.result!.bars.same_now], [true, false]);
  checkedSum(shadow);
});

test('worse prices are fill, dearer fees are fee, a late order is timing', async () => {
  const slipped = await shadowOf(
    recordSession(BARS, { costs: { ...COSTS, slippage: { type: 'fixed', bps: 6 } } }),
  );
  assert.ok(Number(slipped.result!.parts.fill) < 0);
  assert.deepEqual(
    [
      slipped.result!.parts.data,
      slipped.result!.parts.timing,
      slipped.result!.parts.fee,
      slipped.result!.parts.rest,
    ],
    ['0', '0', '0', '0'],
  );
  checkedSum(slipped);

  const fees = { ...COSTS.fees, taker_bps: 20 };
  const dear = await shadowOf(recordSession(BARS, { costs: { ...COSTS, fees } }));
  assert.ok(Number(dear.result!.parts.fee) < 0);
  assert.deepEqual(
    [dear.result!.parts.data, dear.result!.parts.timing, dear.result!.parts.fill, dear.result!.parts.rest],
    ['0', '0', '0', '0'],
  );
  checkedSum(dear);

  const late = await shadowOf(recordSession(BARS, { lateMs: ({ leg }) => (leg === 'exit' ? 900_000 : 0) }));
  assert.notEqual(late.result!.parts.timing, '0');
  assert.deepEqual(
    [late.result!.parts.data, late.result!.parts.fee, late.result!.parts.rest],
    ['0', '0', '0'],
  );
  checkedSum(late);
});

const isOfMiddleDay = ({ closeMs }: { readonly closeMs: number }): boolean =>
  closeMs > FIRST_MS + DAY_MS && closeMs <= FIRST_MS + 2 * DAY_MS;

/** A session whose journal tells another line of its last entry of the middle day than it should. */
function forged(): RecordedSession {
  const session = recordSession(BARS);
  const at = session.entries.findLastIndex(
    (entry) => isOfMiddleDay(entry) && entry.lines.some((line) => line.includes('"leg":"entry"')),
  );
  const entries = session.entries.map((entry, index) => {
    if (index !== at) return entry;
    const read = JSON.parse(entry.lines[0]!) as object;
    return { ...entry, lines: [canonicalJson({ ...read, orders: [], reasons: ['forged'] })] };
  });
  return { ...session, entries };
}

test('a decision that the core does not make is decision, and both lines are told', async () => {
  const shadow = await shadowOf(forged());
  assert.notEqual(shadow.result!.parts.decision, '0');
  checkedSum(shadow);
  const { differing, first } = shadow.result!.decisions;
  assert.deepEqual([differing, first.length, first[0]!.slot], [1, 1, 'trend']);
  assert.match(first[0]!.live!, /forged/);
  assert.match(first[0]!.shadow!, /"leg":"entry"/);
  const found = await engine.shadowById({ params: { shadow_id: shadow.shadow_id } });
  assert.deepEqual(found, shadow);
});

test('a day is compared once, and what cannot be compared is told', async () => {
  const session_id = await keep(recordSession(BARS));
  const first = await engine.shadow({ body: { session_id, day: dayName(0) } });
  assert.deepEqual(await engine.shadow({ body: { session_id, day: dayName(0) } }), first);
  const { days } = await engine.shadows({ query: { session_id } });
  assert.deepEqual(
    days.map(({ shadow_id }) => shadow_id),
    [first.shadow_id],
  );
  const empty = await engine.shadow({ body: { session_id, day: '2020-01-01' } });
  assert.deepEqual([empty.status, empty.problem!.code], ['failed', 'day_empty']);
  const today = dayName(3);
  assert.equal((await problemOf(engine.shadow({ body: { session_id, day: today } }))).code, 'day_not_over');
  const nobody = '00000000-0000-4000-8000-000000000000';
  const unknown = engine.shadow({ body: { session_id: nobody, day: dayName(0) } });
  assert.equal((await problemOf(unknown)).code, 'session_unknown');
  assert.equal(
    (await problemOf(engine.shadowById({ params: { shadow_id: nobody } }))).code,
    'shadow_unknown',
  );
});

const SLIPPED = { costs: { ...COSTS, slippage: { type: 'fixed', bps: 40 } } } as const;

async function eventsOf({ database }: ShadowStack): Promise<string[]> {
  const { rows } = await sql<{ kind: string }>`
    SELECT kind FROM audit.outbox WHERE kind LIKE 'shadow.%' ORDER BY outbox_id`.execute(database.db);
  return rows.map(({ kind }) => kind);
}

/** What the engine says of its shadow backtests; null where nothing is wrong. */
async function healthOf(url: string): Promise<string | null> {
  const answer = await fetch(`${url}/health`);
  const { checks } = (await answer.json()) as {
    checks: { name: string; status: string; detail: string | null }[];
  };
  const check = checks.find(({ name }) => name === 'shadow backtests')!;
  return check.status === 'healthy' ? null : `${check.status}: ${check.detail}`;
}

test('past the first threshold there is an alert, and nobody is stopped', async () => {
  await using own = await startShadowStack();
  const { client, service } = await own.startEngine({ ...WIDE, SHADOW_ALERT_BPS: '1' });
  const session_id = await own.keep(recordSession(BARS, SLIPPED));
  const shadow = await client.shadow({ body: { session_id, day: dayName(1) } });
  assert.deepEqual([shadow.status, shadow.verdict, shadow.kills], ['done', 'alert', []]);
  assert.deepEqual(own.world.kills, []);
  assert.deepEqual(await eventsOf(own), ['shadow.differed']);
  const metrics = await (await fetch(`${service.url}/metrics`)).text();
  assert.match(metrics, /engine_shadow_days_total\{verdict="alert",service="engine"\} 1/);
  assert.match(metrics, /engine_shadow_difference_bps\{strategy="trend_following",service="engine"\} \d/);
  assert.match((await healthOf(service.url))!, /degraded: paper on .* trend_following by [\d.]+ bps/);
});

test('a day that came to the same is no news, but is on the record', async () => {
  await using own = await startShadowStack();
  const { client, service } = await own.startEngine();
  const session_id = await own.keep(recordSession(BARS));
  await client.shadow({ body: { session_id, day: dayName(1) } });
  assert.deepEqual(await eventsOf(own), ['shadow.agreed']);
  assert.equal(await healthOf(service.url), null);
});

test('past the second threshold its strategy is set to reduce-only, once, also where the gate was away', async () => {
  await using own = await startShadowStack();
  const { client } = await own.startEngine({ ...WIDE, SHADOW_ALERT_BPS: '1', SHADOW_REDUCE_BPS: '2' });
  const session_id = await own.keep(recordSession(BARS, SLIPPED));
  own.world.isGateSilent = true;
  const waiting = await client.shadow({ body: { session_id, day: dayName(1) } });
  assert.deepEqual(
    [waiting.status, waiting.verdict, waiting.problem!.code],
    ['judged', 'reduce', 'neighbour_failed'],
  );
  own.world.isGateSilent = false;
  const done = await until(
    () => client.shadowById({ params: { shadow_id: waiting.shadow_id } }),
    ({ status }) => status === 'done',
  );
  const [killed] = own.world.kills;
  assert.deepEqual(
    [killed!.scope, killed!.level, killed!.by],
    ['strategy:trend_following', 'reducing', 'shadow'],
  );
  assert.match(killed!.reason, /^on .* bps of equity and [\d.]+ % of its decisions away from its backtest/);
  assert.deepEqual(done.kills, [{ strategy: 'trend_following', kill_id: killed!.kill_id }]);
  assert.deepEqual(await eventsOf(own), ['shadow.differed', 'shadow.reduced']);

  const next = await client.shadow({ body: { session_id, day: dayName(2) } });
  assert.deepEqual([next.verdict, next.kills], ['reduce', done.kills]);
  assert.equal(own.world.kills.length, 1);
});

/** Asks again until an answer is as it should be. */
async function until<T>(ask: () => Promise<T>, isEnough: (answer: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await ask();
    if (isEnough(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return assert.fail('it took too long');
}

test('nights that were missed are caught up with, as far back as is told, by two replicas once', async () => {
  await using own = await startShadowStack();
  const session_id = await own.keep(recordSession(BARS, SLIPPED));
  const env = {
    ...WIDE,
    SHADOW_REDUCE_BPS: '2',
    SHADOW_ALERT_BPS: '1',
    SHADOW_CRON: '30 0 * * *',
    SHADOW_CATCH_UP_DAYS: '2',
  };
  const [one] = await Promise.all([own.startEngine(env), own.startEngine(env)]);
  const { days } = await until(
    () => one.client.shadows({ query: { session_id } }),
    (answer) => answer.days.length >= 2 && answer.days.every(({ status }) => status === 'done'),
  );
  assert.deepEqual(
    days.map(({ day, attempts }) => [day, attempts]),
    [
      [dayName(2), 0],
      [dayName(1), 0],
    ],
  );
  assert.deepEqual((await eventsOf(own)).toSorted(), [
    'shadow.differed',
    'shadow.differed',
    'shadow.reduced',
    'shadow.reduced',
  ]);
  assert.equal(own.world.kills.length, 1);
});

test('a threshold above the one after it is refused', async () => {
  await assert.rejects(
    stack.startEngine({ SHADOW_ALERT_BPS: '200' }),
    /SHADOW_REDUCE_BPS: must not be below/,
  );
  await assert.rejects(
    stack.startEngine({ SHADOW_CRON: 'nightly' }),
    /SHADOW_CRON: must be a cron expression/,
  );
});
