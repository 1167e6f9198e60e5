import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oldDatabase } from './old-database.fixture.ts';

/** Models and what was active before runs had a queue (0025) and models aliases (0026). */

const FIRST = '11111111-1111-4111-8111-111111111111';
const SECOND = '22222222-2222-4222-8222-222222222222';
const OLD_ROWS = `
  INSERT INTO ml.run (run_id, stream, status, claimer, exactly_once, files, started_at, finished_at) VALUES
    ('${FIRST}', 'csv:SP500:1d', 'trained', 'old', false, 1, now(), now()),
    ('${SECOND}', 'csv:SP500:1d', 'trained', 'old', false, 1, now(), now()),
    (gen_random_uuid(), 'csv:SP500:1d', 'running', 'old', false, 1, now(), NULL);
  INSERT INTO ml.model (model_id, run_id, stream, instrument, timeframe, algorithm, states, sha256, artefact, carried,
      features, trained_from_at, trained_to_at, bars, bic, log_likelihood, holdout_log_likelihood, gates, gates_passed,
      report, created_at, expires_at)
    SELECT run_id, run_id, stream, 'SP500', '1d', 'hmm_gaussian_diagonal', 3, repeat('a', 64), '{}', '{}', '{log_return}',
      now(), now(), 1, 0, 0, 0, '[]', true, '{}', now(), now() + interval '1 day'
    FROM ml.run WHERE status = 'trained';
  INSERT INTO ml.active VALUES ('csv:SP500:1d', '${FIRST}', 3, now());
  INSERT INTO ml.promotion (stream, generation, model_id, previous_model_id, kind, changed_by, reason, changed_at) VALUES
    ('csv:SP500:1d', 1, '${FIRST}', NULL, 'promoted', 'ml_service', 'every gate passed', now()),
    ('csv:SP500:1d', 2, '${SECOND}', '${FIRST}', 'promoted', 'ml_service', 'every gate passed', now()),
    ('csv:SP500:1d', 3, '${FIRST}', '${SECOND}', 'rolled_back', 'ana', 'it misjudged', now());`;

test('what was active is the champion of everybody, with its generation and its history', async () => {
  await using old = await oldDatabase('0024');
  await old.client.query(OLD_ROWS);
  const applied = await old.migrate();
  assert.ok(applied.includes('0026_model_registry.sql'));
  const { rows: aliases } = await old.client.query(
    'SELECT stream, strategy, kind, alias, model_id, generation FROM ml.alias',
  );
  const place = { stream: 'csv:SP500:1d', strategy: '*', kind: 'regime', alias: 'champion' };
  assert.deepEqual(aliases, [{ ...place, model_id: FIRST, generation: 3 }]);
  const { rows: steps } = await old.client.query(
    'SELECT strategy, kind, alias, generation, model_id, change FROM ml.promotion ORDER BY generation',
  );
  assert.deepEqual(
    steps.map(({ strategy, kind, alias, ...step }: Record<string, unknown>) => {
      assert.deepEqual([strategy, kind, alias], ['*', 'regime', 'champion']);
      return Object.values(step);
    }),
    [
      [1, FIRST, 'promoted'],
      [2, SECOND, 'promoted'],
      [3, FIRST, 'rolled_back'],
    ],
  );
  const { rows: models } = await old.client.query('SELECT kind, card, code_version FROM ml.model');
  assert.deepEqual(models, [
    { kind: 'regime', card: null, code_version: null },
    { kind: 'regime', card: null, code_version: null },
  ]);
});

test('an alias names models of its own stream and kind only', async () => {
  await using old = await oldDatabase('0024');
  await old.client.query(OLD_ROWS);
  await old.migrate();
  const name = (stream: string, strategy: string, kind: string, alias: string) =>
    old.client.query(
      'INSERT INTO ml.alias (stream, strategy, kind, alias, model_id, generation, changed_at) VALUES ($1, $2, $3, $4, $5, 1, now())',
      [stream, strategy, kind, alias, SECOND],
    );
  await name('csv:SP500:1d', 'trend_following', 'regime', 'live');
  const foreign = { code: '23503' };
  await assert.rejects(name('csv:OTHER:1d', '*', 'regime', 'champion'), foreign);
  await assert.rejects(name('csv:SP500:1d', '*', 'volatility', 'champion'), foreign);
  await assert.rejects(name('csv:SP500:1d', '*', 'regime', 'live'), { code: '23514' });
});
