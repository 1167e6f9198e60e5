import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Alias } from '@aistock/database';
import type { Service } from '@aistock/service-kit';
import { createClient, paramControllerApi, type Client, type ParamDecision } from '@aistock/shared';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { createApp } from './app.ts';

const NOW_MS = 1_700_000_000_000;
const DAY_MS = 86_400_000;
const STREAM = 'csv:SP500:1d';
const PLACE = { strategy: 'momentum_breakout', instrument: 'SP500' };

let database: TestDatabase;
let service: Service;
let controller: Client<typeof paramControllerApi>;
before(async () => {
  database = await createTestDatabase();
  const base = { DATABASE_URL: database.url('param_controller'), PORT: '0', LOG_LEVEL: 'silent' };
  service = await createApp(base, { clock: { nowMs: () => NOW_MS }, chance: () => 0.5 });
  await service.listen();
  controller = createClient(paramControllerApi, { baseUrl: service.url });
});
after(async () => {
  await service.stop();
  await database.drop();
});

async function insertModel(expiresMs = NOW_MS + DAY_MS): Promise<string> {
  const [runId, modelId, at] = [randomUUID(), randomUUID(), new Date(NOW_MS - DAY_MS)];
  const run = { run_id: runId, stream: STREAM, exactly_once: false, request: '{}', seed: 1 };
  await database.db
    .insertInto('ml.run')
    .values({ ...run, status: 'trained', started_at: at, finished_at: at })
    .execute();
  await database.db
    .insertInto('ml.model')
    .values({
      model_id: modelId,
      run_id: runId,
      stream: STREAM,
      instrument: 'SP500',
      timeframe: '1d',
      kind: 'regime',
      algorithm: 'hmm_gaussian_diagonal',
      states: 2,
      features: ['log_return'],
      bars: 1,
      sha256: '0'.repeat(64),
      artefact: '{}',
      gates: '[]',
      gates_passed: true,
      report: '{}',
      trained_from_at: at,
      trained_to_at: at,
      created_at: at,
      expires_at: new Date(expiresMs),
    })
    .execute();
  return modelId;
}

/** What an alias names from now on; null where it was withdrawn. */
async function name(strategy: string, alias: Alias, modelId: string | null): Promise<void> {
  const row = { stream: STREAM, strategy, kind: 'regime' as const, alias, generation: 1 };
  await database.db
    .insertInto('ml.alias')
    .values({ ...row, model_id: modelId, changed_at: new Date(NOW_MS) })
    .onConflict((conflict) =>
      conflict.columns(['stream', 'strategy', 'kind', 'alias']).doUpdateSet({ model_id: modelId }),
    )
    .execute();
}

function decide(modelId: string, asOfMs = NOW_MS): Promise<ParamDecision> {
  const features = { 'features[hmm_trend]': '0.7', 'features[vol]': '0.3' };
  return controller.param({
    params: PLACE,
    query: { ...features, model_id: modelId, as_of_ms: String(asOfMs) },
  });
}

async function isConservative(modelId: string, asOfMs?: number): Promise<boolean> {
  const { fallback, propensity, model_id: noted } = await decide(modelId, asOfMs);
  assert.equal(noted, modelId);
  if (fallback === null) return false;
  assert.match(fallback, /not in force/);
  assert.equal(propensity, 1);
  return true;
}

test('what is chosen on the word of a model ends at once with it', async () => {
  const [everybody, own] = [await insertModel(), await insertModel()];
  assert.equal(await isConservative(everybody), true, 'no alias names it');
  await name('*', 'champion', everybody);
  assert.equal(await isConservative(everybody), false);
  assert.equal(await isConservative(everybody, NOW_MS - DAY_MS), false);
  await name('mean_reversion', 'champion', own);
  assert.equal(await isConservative(own), true, 'another strategy answers by it');
  await name(PLACE.strategy, 'challenger', own);
  assert.equal(await isConservative(own), true, 'a challenger chooses nothing');

  await name(PLACE.strategy, 'champion', own);
  assert.equal(await isConservative(own), false);
  assert.equal(await isConservative(everybody), true, 'the strategy has its own');
  await name(PLACE.strategy, 'champion', null);
  assert.equal(await isConservative(own), true, 'it was demoted');
  assert.equal(await isConservative(everybody), true, 'and that of everybody does not come in its place');
  await name(PLACE.strategy, 'live', own);
  assert.equal(await isConservative(own), false, 'it was signed off for live');
});

test('a model chooses up to its expiry, by the time that is decided about', async () => {
  const modelId = await insertModel(NOW_MS);
  await database.db.deleteFrom('ml.alias').execute();
  await name('*', 'champion', modelId);
  assert.equal(await isConservative(modelId, NOW_MS - 1), false);
  assert.equal(await isConservative(modelId, NOW_MS), true);
});
