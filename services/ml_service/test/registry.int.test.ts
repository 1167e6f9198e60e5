import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallError, createClient, mlServiceApi } from '@aistock/shared';
import { sql } from 'kysely';
import { findAlias } from '../src/registry/aliases.ts';
import { startRig, type Rig } from './rig.ts';
import { sp500, STREAM } from './sp500.ts';
import { storeModel, type StoredModel } from './stored-models.ts';

const BARS = sp500().slice(0, 400);
const WHO = { by: 'ana', reason: 'a test of the registry' };
const STRATEGY = 'trend_following';
const NOW_MS = Date.UTC(2020, 5, 1);
const AS_OF_MS = String(BARS[390]!.openMs + 86_400_000);
const clock = { nowMs: () => NOW_MS };

const refused = (code: string) => (error: unknown) => {
  assert.ok(error instanceof CallError);
  assert.equal(error.problem?.code, code);
  return true;
};

async function startedRig(env: Record<string, string> = {}): Promise<Rig> {
  const rig = await startRig(env, { clock });
  rig.ingester.bars = BARS;
  return rig;
}

const stored = ({ database }: Rig, options: Omit<StoredModel, 'bars'> = {}) =>
  storeModel(database.db, { bars: BARS.slice(0, 300), ...options });
const promote = ({ ml }: Rig, id: string, strategy = '*') =>
  ml.promote({ params: { id }, body: { ...WHO, strategy } });
const approve = ({ ml }: Rig, id: string, by = 'ana') =>
  ml.approve({ params: { id }, body: { ...WHO, by, strategy: STRATEGY } });
const rollback = ({ ml }: Rig, where: { strategy?: string; to?: string } = {}) =>
  ml.rollback({ body: { ...WHO, stream: STREAM, ...where } });
const regime = ({ ml }: Rig, query: { strategy?: string; live?: 'true' | 'false' } = {}) =>
  ml.regime({ params: { instrument: 'SP500' }, query: { as_of_ms: AS_OF_MS, ...query } });
const LIVE = { strategy: STRATEGY, live: 'true' } as const;

async function changes({ database }: Rig): Promise<string[]> {
  const rows = await database.db
    .selectFrom('ml.promotion')
    .select(['alias', 'strategy', 'change'])
    .orderBy('changed_at')
    .orderBy('generation')
    .execute();
  return rows.map(({ alias, strategy, change }) => `${alias} ${strategy} ${change}`);
}

async function events({ database }: Rig): Promise<string[]> {
  const rows = await database.db.selectFrom('audit.outbox').select('kind').orderBy('outbox_id').execute();
  return rows.map(({ kind }) => kind);
}

test('a strategy is answered by its own champion, and by that of * while it has none', async () => {
  await using rig = await startedRig();
  const [everybody, own] = [await stored(rig), await stored(rig, { stay: 0.9, strategies: [STRATEGY] })];
  await promote(rig, everybody);
  const before = await regime(rig, { strategy: STRATEGY });
  assert.deepEqual([before.model_id, before.strategy, before.generation], [everybody, '*', 1]);
  await promote(rig, own, STRATEGY);
  const after = await regime(rig, { strategy: STRATEGY });
  assert.deepEqual([after.model_id, after.strategy, after.generation], [own, STRATEGY, 1]);
  assert.notDeepEqual(after.probabilities, before.probabilities);
  assert.equal((await regime(rig)).model_id, everybody);
  assert.equal((await regime(rig, { strategy: 'mean_reversion' })).model_id, everybody);
  const { aliases } = await rig.ml.aliases({ query: { stream: STREAM } });
  assert.deepEqual(
    aliases.map(({ strategy, alias, model_id }) => [strategy, alias, model_id]),
    [
      ['*', 'champion', everybody],
      [STRATEGY, 'champion', own],
    ],
  );
});

test('gates that did not pass, or were not judged for a strategy, promote nobody', async () => {
  await using rig = await startedRig();
  const failed = await stored(rig, { gatesPassed: false, strategies: [STRATEGY] });
  const unjudged = await stored(rig);
  await assert.rejects(promote(rig, failed), refused('gates_not_passed'));
  await assert.rejects(promote(rig, failed, STRATEGY), refused('gates_not_passed'));
  await assert.rejects(promote(rig, unjudged, STRATEGY), (error: CallError) => {
    assert.match(error.problem?.detail ?? '', /was never judged for trend_following; POST \/train/);
    return error.problem?.code === 'gates_not_passed';
  });
  await assert.rejects(approve(rig, unjudged), refused('gates_not_passed'));
  await assert.rejects(regime(rig), refused('no_active_model'));
  assert.deepEqual(await events(rig), []);
});

test('a live session gets only what a person signed off, and keeps it until another one is', async () => {
  await using rig = await startedRig();
  const options = { strategies: [STRATEGY] };
  const [first, second] = [await stored(rig, options), await stored(rig, { ...options, stay: 0.9 })];
  await promote(rig, first);
  await assert.rejects(regime(rig, { live: 'true' }), refused('invalid_request'));
  await assert.rejects(regime(rig, LIVE), refused('not_signed_off'));
  await promote(rig, first, STRATEGY);
  await assert.rejects(regime(rig, LIVE), refused('not_signed_off'));
  await assert.rejects(approve(rig, first, 'ml_service'), refused('not_a_person'));
  const approval = await approve(rig, first);
  assert.deepEqual([approval.live, approval.by], [true, 'ana']);
  assert.equal((await regime(rig, LIVE)).model_id, first);

  await promote(rig, second, STRATEGY);
  assert.equal((await regime(rig, { strategy: STRATEGY })).model_id, second);
  assert.equal((await regime(rig, LIVE)).model_id, first);
  await approve(rig, second, 'ben');
  assert.equal((await regime(rig, LIVE)).model_id, second);
  assert.equal((await approve(rig, second, 'cid')).by, 'ben', 'the first sign-off stands');

  await rollback(rig, { strategy: STRATEGY });
  assert.equal((await regime(rig, LIVE)).model_id, first);
  const { approvals } = await rig.ml.model({ params: { id: second } });
  assert.deepEqual(
    approvals.map(({ by, strategy }) => [by, strategy]),
    [['ben', STRATEGY]],
  );
  assert.deepEqual(
    (await events(rig)).filter((kind) => kind === 'model.approved'),
    ['model.approved', 'model.approved'],
  );
});

test('a person signs off, never a service that says it is one', async () => {
  const [operator, service] = ['o'.repeat(40), 's'.repeat(40)];
  const tokens = { AUTH_TOKEN_OPERATOR: operator, AUTH_TOKEN_SERVICE: service };
  await using rig = await startedRig({ AUTH_MODE: 'token', ...tokens });
  const model = await stored(rig, { strategies: [STRATEGY] });
  const as = (token: string) => createClient(mlServiceApi, { baseUrl: rig.url, token });
  await assert.rejects(approve({ ...rig, ml: as(service) }, model), refused('role_not_allowed'));
  assert.equal((await approve({ ...rig, ml: as(operator) }, model)).by, 'ana');
});

test('a sign-off ahead of the promotion counts from the promotion on', async () => {
  await using rig = await startedRig();
  const model = await stored(rig, { strategies: [STRATEGY] });
  assert.equal((await approve(rig, model)).live, false);
  await assert.rejects(regime(rig, LIVE), refused('no_active_model'));
  await promote(rig, model, STRATEGY);
  assert.equal((await regime(rig, LIVE)).model_id, model);
});

test('a rollback to a model that nobody signed off leaves live sessions without one', async () => {
  await using rig = await startedRig();
  const options = { strategies: [STRATEGY] };
  const [first, second] = [await stored(rig, options), await stored(rig, { ...options, stay: 0.9 })];
  await promote(rig, first, STRATEGY);
  await promote(rig, second, STRATEGY);
  await approve(rig, second);
  await rollback(rig, { strategy: STRATEGY });
  assert.equal((await regime(rig, { strategy: STRATEGY })).model_id, first);
  await assert.rejects(regime(rig, LIVE), refused('not_signed_off'));
  assert.ok((await changes(rig)).includes(`live ${STRATEGY} withdrawn`));
});

test('a rollback past the model of live sessions takes it from them, in one step as in several', async () => {
  await using rig = await startedRig();
  const options = { strategies: [STRATEGY] };
  const [first, second, third] = [
    await stored(rig, options),
    await stored(rig, { ...options, stay: 0.9 }),
    await stored(rig, { ...options, stay: 0.91 }),
  ];
  await promote(rig, first, STRATEGY);
  await promote(rig, second, STRATEGY);
  await approve(rig, second);
  await promote(rig, third, STRATEGY);
  assert.equal((await regime(rig, LIVE)).model_id, second);
  await rollback(rig, { strategy: STRATEGY, to: first });
  assert.equal((await regime(rig, { strategy: STRATEGY })).model_id, first);
  await assert.rejects(regime(rig, LIVE), refused('not_signed_off'));
});

test('any of the last champions can be gone back to in one step, and no other model', async () => {
  await using rig = await startedRig({ REGISTRY_KEEP: '2' });
  const models: string[] = [];
  for (const stay of [0.9, 0.91, 0.92, 0.93]) {
    models.push(await stored(rig, { stay }));
    await promote(rig, models.at(-1)!);
  }
  const never = await stored(rig);
  await assert.rejects(rollback(rig, { to: models[0]! }), refused('no_rollback_target'));
  await assert.rejects(rollback(rig, { to: never }), refused('no_rollback_target'));
  assert.equal((await rollback(rig, { to: models[1]! })).model_id, models[1]);
  const now = await regime(rig);
  assert.deepEqual([now.model_id, now.generation], [models[1], 5]);
  assert.equal((await rollback(rig)).model_id, models[0]);
  await assert.rejects(rollback(rig, { strategy: STRATEGY }), refused('no_active_model'));
});

test('an expired champion is demoted with an alert, and answers nobody until another one comes', async () => {
  await using rig = await startedRig({ DEMOTION_EVERY_S: '0.1' });
  const [lasting, expiring] = [await stored(rig), await stored(rig, { stay: 0.9, strategies: [STRATEGY] })];
  await promote(rig, lasting);
  await promote(rig, expiring, STRATEGY);
  await approve(rig, expiring);
  // The only way for it to expire while the clock stands: the row that says when is another one.
  await sql`ALTER TABLE ml.model DISABLE TRIGGER keep_models`.execute(rig.database.db);
  await sql`UPDATE ml.model SET expires_at = ${new Date(NOW_MS)} WHERE model_id = ${expiring}`.execute(
    rig.database.db,
  );
  await until(rig, 'model.demoted');
  await promote(rig, lasting); // changes nothing, but what is known is read again
  await assert.rejects(regime(rig, { strategy: STRATEGY }), refused('model_demoted'));
  await assert.rejects(regime(rig, LIVE), refused('model_demoted'));
  assert.equal((await regime(rig)).model_id, lasting);
  assert.deepEqual((await events(rig)).slice(-2), ['model.demoted', 'alert.raised']);
  for (const change of [`champion ${STRATEGY} demoted`, `live ${STRATEGY} withdrawn`])
    assert.ok((await changes(rig)).includes(change));
  const place = { stream: STREAM, strategy: STRATEGY, kind: 'regime' } as const;
  const found = await findAlias(rig.database.db, place, 'champion');
  assert.deepEqual(
    [found?.model_id, found?.last_model_id],
    [null, expiring],
    'others are measured against it',
  );
  await assert.rejects(promote(rig, expiring, STRATEGY), refused('model_expired'));
  await assert.rejects(rollback(rig, { strategy: STRATEGY }), refused('no_previous_model'));
});

async function until({ database }: Rig, kind: string): Promise<void> {
  for (;;) {
    const found = await database.db
      .selectFrom('audit.outbox')
      .select('kind')
      .where('kind', '=', kind)
      .execute();
    if (found.length > 0) return;
    await sql`SELECT pg_sleep(0.02)`.execute(database.db);
  }
}

test('a model that is not what it was stored as is never promoted, and answers nobody', async () => {
  await using rig = await startedRig();
  const [sound, broken] = [await stored(rig), await stored(rig, { stay: 0.9 })];
  await promote(rig, sound);
  await sql`ALTER TABLE ml.model DISABLE TRIGGER keep_models`.execute(rig.database.db);
  const damage = (modelId: string) =>
    sql`UPDATE ml.model SET artefact = replace(artefact, '0.9', '0.8') WHERE model_id = ${modelId}`.execute(
      rig.database.db,
    );
  await damage(broken);
  await assert.rejects(promote(rig, broken), refused('model_unsound'));
  assert.equal((await regime(rig)).model_id, sound);
  await damage(sound);
  await rig.restart();
  await assert.rejects(regime(rig), refused('model_unsound'));
});

test('models, promotions, judgements and sign-offs are never changed', async () => {
  await using rig = await startedRig();
  const model = await stored(rig, { strategies: [STRATEGY] });
  await promote(rig, model, STRATEGY);
  await approve(rig, model);
  for (const table of ['model', 'promotion', 'judgement', 'approval']) {
    const name = sql.table(`ml.${table}`);
    await assert.rejects(sql`DELETE FROM ${name}`.execute(rig.database.db), { code: '23000' });
    await assert.rejects(sql`TRUNCATE ${name} CASCADE`.execute(rig.database.db), { code: '23000' });
  }
  await assert.rejects(sql`UPDATE ml.model SET bars = 1`.execute(rig.database.db), { code: '23000' });
});
