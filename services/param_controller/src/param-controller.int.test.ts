import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { Service } from '@aistock/service-kit';
import { CallError, createClient, paramControllerApi, type Client } from '@aistock/shared';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { sql } from 'kysely';
import { createApp } from './app.ts';

const NOW_MS = 1_700_000_000_000;
const DAY_MS = 86_400_000;
const PLACE = { strategy: 'momentum_breakout', instrument: 'SP500' };
const CONTEXT = { 'features[hmm_trend]': '0.7', 'features[vol]': '0.3' };
const BY = { by: 'ada', reason: 'for the test' };
const PARAMS = {
  lookback_bars: 30,
  breakout_atr: 0.2,
  atr_bars: 14,
  stop_atr: 2,
  hold_bars_max: 25,
  risk_fraction: 0.2,
  trend_min: 0.2,
};

let database: TestDatabase;
let service: Service;
let controller: Client<typeof paramControllerApi>;
let draw = 0.5;

async function start(env: Record<string, string> = {}): Promise<void> {
  const base = { DATABASE_URL: database.url('param_controller'), PORT: '0', LOG_LEVEL: 'silent' };
  service = await createApp({ ...base, ...env }, { clock: { nowMs: () => NOW_MS }, chance: () => draw });
  await service.listen();
  controller = createClient(paramControllerApi, { baseUrl: service.url });
}

beforeEach(async () => {
  draw = 0.5;
  database = await createTestDatabase();
  await start();
});
afterEach(async () => {
  await service.stop();
  await database.drop();
});

const decide = () => controller.param({ params: PLACE, query: CONTEXT });
const post = (decision: { config_id: string; preset_id: string }, reward: number) =>
  controller.learnOutcome({
    params: { ...PLACE, preset_id: decision.preset_id },
    body: { config_id: decision.config_id, reward, closed_ms: NOW_MS + 1 },
  });

/** That a call is refused so, and what it says. */
async function refused(call: Promise<unknown>, status: number, code: string): Promise<string> {
  const error: unknown = await call.then(
    () => assert.fail(`not refused with ${code}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof CallError);
  assert.deepEqual([error.status, error.problem?.code], [status, code]);
  return JSON.stringify(error.problem);
}

async function counts(): Promise<Record<string, number>> {
  const { rows } = await sql<Record<string, number>>`SELECT
    (SELECT count(*) FROM params.decision) AS decisions, (SELECT count(*) FROM params.outcome) AS outcomes,
    (SELECT count(*) FROM params.preset) AS presets, (SELECT count(*) FROM params.mode) AS modes,
    (SELECT count(*) FROM audit.outbox) AS events`.execute(database.db);
  return rows[0] ?? {};
}

test('the address of the manual answers parameters inside their bounds, and the decision is stored', async () => {
  const response = await fetch(
    `${service.url}/param/momentum_breakout/SP500?features[hmm_trend]=0.7&features[vol]=0.3`,
  );
  assert.equal(response.status, 200);
  const decision = await decide();
  assert.equal(decision.mode, 'thompson');
  assert.equal(decision.fallback, null);
  assert.equal(decision.propensity, decision.propensities[decision.preset_id]);
  const total = Object.values(decision.propensities).reduce((sum, value) => sum + value, 0);
  assert.ok(Math.abs(total - 1) < 1e-12);
  assert.deepEqual([decision.decided_ms, decision.expires_ms], [NOW_MS, NOW_MS + DAY_MS]);
  const { decision: stored, outcome } = await controller.decision({
    params: { config_id: decision.config_id },
  });
  assert.deepEqual(stored, decision);
  assert.equal(outcome, null);
});

test('on the word of an expired model only the conservative preset is given', async () => {
  const query = 'features[hmm_trend]=0.7&features[vol]=0.3&model_expired=true';
  const response = await fetch(`${service.url}/param/momentum_breakout/SP500?${query}`);
  const decision = (await response.json()) as Record<string, unknown>;
  assert.deepEqual(
    [response.status, decision['preset_id'], decision['propensity'], decision['fallback']],
    [200, 'conservative', 1, 'the model has expired'],
  );
  const wrong = await fetch(`${service.url}/param/momentum_breakout/SP500?${query}soon`);
  assert.equal(wrong.status, 400);
});

test('without a model its features may be missing: conservative parameters, which can be learned from', async () => {
  const given = { 'features[vol]': '0.3', model_expired: 'true' };
  for (const query of [given, { model_expired: 'true' }] as Record<string, string>[]) {
    const decision = await controller.param({ params: PLACE, query });
    assert.deepEqual([decision.preset_id, decision.propensity], ['conservative', 1]);
    const answer = await post(decision, 0.01);
    assert.equal(answer.learned, true);
  }
  const conservative = { 'features[hmm_trend]': '0.7', ...given };
  const whole = await controller.param({ params: PLACE, query: conservative });
  assert.equal((await post(whole, 0.02)).outcomes, 1, 'another context is learned about by itself');
  await refused(
    controller.param({ params: PLACE, query: { 'features[vol]': '0.3' } }),
    400,
    'feature_missing',
  );
  await refused(
    controller.param({ params: PLACE, query: { ...given, 'features[vol]': '-1' } }),
    400,
    'feature_out_of_range',
  );
});

test('the draw decides, and is stored with the scores and the context', async () => {
  draw = 0;
  const first = await decide();
  draw = 0.999999;
  const last = await decide();
  const presets = Object.keys(first.propensities);
  assert.deepEqual([first.preset_id, last.preset_id], [presets[0], presets.at(-1)]);
  const row = await database.db
    .selectFrom('params.decision')
    .selectAll()
    .where('config_id', '=', last.config_id)
    .executeTakeFirstOrThrow();
  assert.deepEqual([row.draw, row.generation, row.context.length], [0.999999, 0, 7]);
  assert.deepEqual(Object.keys(row.scores).toSorted(), presets.toSorted());
});

test('instruments with a slash, a time in the past and a model are taken', async () => {
  const model_id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
  const query = { ...CONTEXT, as_of_ms: String(NOW_MS - DAY_MS), model_id, 'features[hmm_risk]': '1e-3' };
  for (const instrument of ['BTC-USDT', 'BTC/USDT']) {
    const decision = await controller.param({ params: { ...PLACE, instrument }, query });
    assert.deepEqual([decision.instrument, decision.model_id], ['BTC/USDT', model_id]);
    assert.match(decision.fallback ?? '', /the model is not in force/);
    assert.deepEqual([decision.decided_ms, decision.expires_ms], [NOW_MS - DAY_MS, NOW_MS]);
    assert.deepEqual(decision.features, { hmm_trend: 0.7, vol: 0.3, hmm_risk: 0.001 });
  }
});

test('features, strategies and instruments that cannot be are refused and leave nothing', async () => {
  const ask = (query: Record<string, string>, place = PLACE) => controller.param({ params: place, query });
  const trend = { 'features[hmm_trend]': '0.7' };
  assert.match(await refused(ask(trend), 400, 'feature_missing'), /features\[vol\].*from 0 to 20/);
  assert.match(
    await refused(ask({ ...CONTEXT, 'features[moon]': '1' }), 400, 'feature_unknown'),
    /hmm_trend, vol/,
  );
  await refused(ask({ ...CONTEXT, 'features[vol]': '21' }), 400, 'feature_out_of_range');
  for (const value of ['NaN', 'Infinity', '', 'x', '0x1', ' 1'])
    await refused(ask({ ...CONTEXT, 'features[vol]': value }), 400, 'invalid_request');
  await refused(ask({ ...CONTEXT, other: '1' }), 400, 'invalid_request');
  await refused(ask({ ...CONTEXT, as_of_ms: String(NOW_MS + DAY_MS) }), 400, 'as_of_in_future');
  assert.match(
    await refused(ask(CONTEXT, { ...PLACE, strategy: 'no_such' }), 404, 'strategy_unknown'),
    /momentum_breakout/,
  );
  await refused(ask(CONTEXT, { ...PLACE, strategy: '../etc' }), 400, 'invalid_request');
  await refused(ask(CONTEXT, { ...PLACE, instrument: 'sp500\u0000' }), 400, 'invalid_request');
  assert.deepEqual(await counts(), { decisions: 0, outcomes: 0, presets: 0, modes: 0, events: 0 });
});

test('an instrument that is not configured is refused where the configuration lists them', async () => {
  await service.stop();
  await start({ INSTRUMENTS: 'SP500, BTC/USDT' });
  await decide();
  const call = controller.param({ params: { ...PLACE, instrument: 'AAPL' }, query: CONTEXT });
  assert.match(await refused(call, 404, 'instrument_unknown'), /SP500, BTC\/USDT/);
});

test('an outcome is learned once, however often and however many at a time it is posted', async () => {
  const decision = await decide();
  const answers = await Promise.all(Array.from({ length: 8 }, () => post(decision, 0.03)));
  assert.equal(answers.filter(({ learned }) => learned).length, 1);
  const again = await post(decision, 0.03);
  assert.deepEqual([again.learned, again.outcomes, again.reward_mean], [false, 1, 0.03]);
  const stored = await controller.decision({ params: { config_id: decision.config_id } });
  assert.deepEqual(stored.outcome, { reward: 0.03, closed_ms: NOW_MS + 1, learned_ms: NOW_MS });
  assert.deepEqual(await counts(), { decisions: 1, outcomes: 1, presets: 0, modes: 0, events: 2 });
});

test('outcomes of many decisions at once all count', async () => {
  const decisions = await Promise.all(Array.from({ length: 12 }, decide));
  await Promise.all(decisions.map((decision) => post(decision, 0.01)));
  const { rows } = await sql<{
    outcomes: number;
  }>`SELECT sum(outcomes)::bigint AS outcomes FROM params.posterior`.execute(database.db);
  assert.equal(rows[0]?.outcomes, 12);
});

test('an outcome of nothing, of another preset, with another reward or before its decision is refused', async () => {
  const decision = await decide();
  const unknown = { ...decision, config_id: '3f2504e0-4f89-41d3-9a0c-0305e82c3301' };
  await refused(post(unknown, 0.01), 404, 'config_unknown');
  await refused(post({ ...decision, preset_id: 'another' }, 0.01), 409, 'config_mismatch');
  const early = { config_id: decision.config_id, reward: 0.01, closed_ms: NOW_MS - 1 };
  await refused(
    controller.learnOutcome({ params: { ...PLACE, preset_id: decision.preset_id }, body: early }),
    400,
    'closed_before_decision',
  );
  await refused(post(decision, 11), 400, 'invalid_request');
  await post(decision, 0.01);
  await refused(post(decision, 0.02), 409, 'outcome_conflict');
  assert.deepEqual(await counts(), { decisions: 1, outcomes: 1, presets: 0, modes: 0, events: 2 });
});

test('a reward beyond the clip counts as the clip', async () => {
  const decision = await decide();
  assert.equal((await post(decision, -5)).reward_mean, -0.2);
});

test('what was learned moves the next decisions and survives a restart', async () => {
  const before = await decide();
  for (let i = 0; i < 30; i++) {
    const decision = await decide();
    await post(decision, decision.preset_id === before.preset_id ? 0.1 : -0.1);
  }
  const after = await decide();
  assert.ok(after.propensities[before.preset_id]! > before.propensities[before.preset_id]!);
  await service.stop();
  await start();
  assert.deepEqual((await decide()).propensities, after.propensities);
  assert.equal(
    (await controller.decision({ params: { config_id: before.config_id } })).decision.config_id,
    before.config_id,
  );
});

test('a posterior that is broken gives the conservative preset and says why', async () => {
  await post(await decide(), 0.05);
  await sql`UPDATE params.posterior SET precision_matrix[1] = 'NaN'`.execute(database.db);
  const decision = await decide();
  assert.deepEqual([decision.preset_id, decision.propensity], ['conservative', 1]);
  assert.match(decision.fallback ?? '', /cannot be used/);
});

test('a mode holds for its strategy and instrument from the next decision on', async () => {
  const set = (body: object) => controller.setMode({ body: { ...PLACE, ...BY, mode: 'fixed', ...body } });
  await set({ preset_id: 'aggressive' });
  const fixed = await decide();
  assert.deepEqual(
    [fixed.preset_id, fixed.propensity, fixed.mode, fixed.fallback],
    ['aggressive', 1, 'fixed', null],
  );
  assert.equal(
    (await controller.param({ params: { ...PLACE, instrument: 'AAPL' }, query: CONTEXT })).mode,
    'thompson',
  );

  await set({});
  const unnamed = await decide();
  assert.deepEqual([unnamed.preset_id, unnamed.propensity], ['conservative', 1]);
  assert.notEqual(unnamed.fallback, null);
  await set({ mode: 'epsilon_greedy' });
  assert.equal((await decide()).mode, 'epsilon_greedy');

  await refused(set({ preset_id: 'absent' }), 404, 'preset_unknown');
  await refused(set({ mode: 'thompson', preset_id: 'aggressive' }), 400, 'preset_not_taken');
  await refused(set({ mode: 'best' }), 400, 'invalid_request');
  await refused(set({ strategy: 'no_such' }), 404, 'strategy_unknown');
  assert.equal((await decide()).mode, 'epsilon_greedy');
});

test('a preset that was registered for an instrument can be chosen there and nowhere else', async () => {
  const body = { preset_id: 'mine', description: 'Between two others.', params: PARAMS, ...BY };
  const answer = await controller.registerPreset({ params: PLACE, body });
  assert.deepEqual([answer.preset_id, answer.params, answer.registered_ms], ['mine', PARAMS, NOW_MS]);
  assert.ok('mine' in (await decide()).propensities);
  draw = 0.999999;
  const decision = await decide();
  assert.deepEqual([decision.preset_id, decision.params], ['mine', PARAMS]);
  const elsewhere = await controller.param({ params: { ...PLACE, instrument: 'AAPL' }, query: CONTEXT });
  assert.ok(!('mine' in elsewhere.propensities));
});

test('a preset outside the bounds, or under a name that is taken, is refused', async () => {
  const register = (changed: object) =>
    controller.registerPreset({
      params: PLACE,
      body: { preset_id: 'mine', description: 'Mine.', params: PARAMS, ...BY, ...changed },
    });
  const outside = await refused(
    register({ params: { ...PARAMS, lookback_bars: 1, moon: 1 } }),
    400,
    'params_out_of_bounds',
  );
  assert.match(outside, /body.params.lookback_bars.*from 5 to 250/);
  assert.match(outside, /body.params.moon/);
  await refused(register({ params: {} }), 400, 'params_out_of_bounds');
  await refused(register({ preset_id: 'balanced' }), 409, 'preset_exists');
  await refused(register({ reason: '' }), 400, 'invalid_request');
  const both = await Promise.allSettled([register({}), register({})]);
  assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  await refused(register({}), 409, 'preset_exists');
  assert.deepEqual(await counts(), { decisions: 0, outcomes: 0, presets: 1, modes: 0, events: 1 });
});

const registerNumber = (number: number) =>
  controller.registerPreset({
    params: PLACE,
    body: { preset_id: `mine_${number}`, description: 'Mine.', params: PARAMS, ...BY },
  });

test('no more presets than the policy can keep a floor under', async () => {
  for (let number = 0; number < 16; number++) await registerNumber(number);
  await refused(registerNumber(16), 409, 'presets_full');
  assert.equal(Object.keys((await decide()).propensities).length, 20);
});

test('each step is on the record in the transaction of its doing', async () => {
  const decision = await decide();
  await post(decision, 0.01);
  await controller.setMode({ body: { ...PLACE, ...BY, mode: 'epsilon_greedy' } });
  const events = await database.db.selectFrom('audit.outbox').selectAll().orderBy('outbox_id').execute();
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['param.decided', 'param.learned', 'param.mode_set'],
  );
  assert.deepEqual(new Set(events.map((event) => event.service)), new Set(['param_controller']));
  const payload = JSON.parse(events[0]?.payload ?? '') as Record<string, unknown>;
  assert.deepEqual(
    [payload['config_id'], payload['draw'], payload['generation']],
    [decision.config_id, 0.5, 0],
  );

  await sql`REVOKE EXECUTE ON FUNCTION audit.emit FROM aistock_param_controller`.execute(database.db);
  await refused(decide(), 500, 'internal_error');
  assert.equal((await counts())['decisions'], 1);
});

test('a database that goes away in the middle is told, and the service is well again when it is back', async () => {
  await decide();
  await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'aistock_param_controller' AND datname = current_database()`.execute(
    database.db,
  );
  const decision = await decide();
  assert.equal(decision.strategy, PLACE.strategy);
});
