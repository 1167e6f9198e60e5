import assert from 'node:assert/strict';
import { test } from 'node:test';
import { infer, modelFromJson } from '@aistock/hmm-ts';
import { closeMs, modelFeatures, toPriceBar } from '@aistock/market';
import { CallError, type Regime } from '@aistock/shared';
import { startRig, type Rig, WAIT } from './rig.ts';
import { sp500, STREAM } from './sp500.ts';
import { storeModel } from './stored-models.ts';

const BARS = sp500();
const DAY_MS = 86_400_000;
const WHO = { by: 'operator', reason: 'a test of the registry' };

const closedAt = (index: number) => String(BARS[index]!.openMs + DAY_MS);
const regimeAt = ({ ml }: Rig, asOf: string) =>
  ml.regime({ params: { instrument: 'SP500' }, query: { as_of_ms: asOf } });

const refused = (code: string) => (error: unknown) => {
  assert.ok(error instanceof CallError);
  assert.equal(error.problem?.code, code);
  return true;
};

/** The regime is what the model's artefact filters from its first bar on. */
async function assertFiltered({ ml }: Rig, regime: Regime, index: number): Promise<void> {
  const { artefact, filter_from_ms: fromMs } = await ml.model({ params: { id: regime.model_id } });
  assert.ok(fromMs !== null);
  const hmm = modelFromJson(artefact);
  const bars = BARS.slice(0, index + 1).filter((bar) => bar.openMs >= fromMs);
  const { filtered } = infer(hmm, modelFeatures(bars.map(toPriceBar)));
  assert.equal(regime.bar_open_ms, BARS[index]!.openMs);
  assert.equal(regime.probabilities.length, hmm.states);
  filtered
    .slice(-hmm.states)
    .forEach((probability, state) =>
      assert.ok(Math.abs(probability - regime.probabilities[state]!) <= 1e-12),
    );
}

test('bar after bar, the regime is what the model filters from its first bar on', async () => {
  await using rig = await startRig();
  await assert.rejects(regimeAt(rig, closedAt(10)), refused('no_active_model'));
  await rig.register(BARS.slice(0, 3_000));
  const model = (await rig.ml.train(WAIT)).runs[0]!.model!;
  await rig.register(BARS.slice(3_000, 3_200));

  for (const index of [3_000, 3_001, 3_002, 3_199, 2_500, 20, 3_100]) {
    const regime = await regimeAt(rig, closedAt(index));
    assert.equal(regime.model_id, model.model_id);
    await assertFiltered(rig, regime, index);
    assert.equal(regime.in_sample, BARS[index]!.openMs < model.trained_to_ms);
    assert.equal(regime.state, regime.probabilities.indexOf(Math.max(...regime.probabilities)));
    assert.equal(regime.hmm_risk, regime.probabilities.at(-1));
  }
  assert.ok((await regimeAt(rig, closedAt(20))).in_sample);
  await assert.rejects(regimeAt(rig, closedAt(5)), refused('no_regime_yet'));
});

test('a daily bar is judged from the close of its session on, not a day after it opened', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 1_000));
  await rig.ml.train(WAIT);
  const sessionCloseMs = closeMs(BARS[990]!.openMs, '1d', 'xnys');
  assert.ok(sessionCloseMs < Number(closedAt(990)));
  const atClose = await regimeAt(rig, String(sessionCloseMs));
  assert.equal(atClose.bar_open_ms, BARS[990]!.openMs);
  const before = await regimeAt(rig, String(sessionCloseMs - 1));
  assert.equal(before.bar_open_ms, BARS[989]!.openMs);
});

test('only bars that have not been seen are fetched, and none that closes later', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 1_000));
  await rig.ml.train(WAIT);
  await regimeAt(rig, closedAt(990));
  rig.ingester.asked.length = 0;
  await regimeAt(rig, closedAt(990));
  assert.deepEqual(rig.ingester.asked, [], 'no other bar can have closed');
  await regimeAt(rig, closedAt(991));
  assert.deepEqual(
    rig.ingester.asked.map((query) => [query['from_ms'], query['as_of_ms']]),
    [[BARS[990]!.openMs + 1, Number(closedAt(991))]],
  );
});

test('a question about the past is answered by what was known then, whatever was asked before', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 1_000));
  await rig.ml.train(WAIT);
  const bar = BARS[900]!;
  const close = (Number(bar.close) * 1.01).toFixed(2);
  rig.ingester.restated.push({
    bar: { ...bar, high: (Number(bar.high) * 1.02).toFixed(2), close },
    knownMs: Number(closedAt(950)),
  });
  const before = await regimeAt(rig, closedAt(902));
  await rig.restart();
  const now = await regimeAt(rig, closedAt(990));
  assert.deepEqual(await regimeAt(rig, closedAt(902)), before);
  await rig.restart();
  assert.deepEqual(await regimeAt(rig, closedAt(990)), now);
});

test('another champion is used at the next question, and a rollback brings the old one back', async () => {
  await using rig = await startRig();
  rig.ingester.bars = BARS.slice(0, 1_500);
  const bars = BARS.slice(0, 1_000);
  const [first, second] = [
    await storeModel(rig.database.db, { bars, stay: 0.9 }),
    await storeModel(rig.database.db, { bars }),
  ];
  const promote = (id: string) => rig.ml.promote({ params: { id }, body: WHO });
  await promote(first);
  await assert.rejects(rig.ml.rollback({ body: { ...WHO, stream: STREAM } }), refused('no_previous_model'));
  const before = await regimeAt(rig, closedAt(1_400));
  await promote(second);
  const after = await regimeAt(rig, closedAt(1_400));
  assert.deepEqual([after.model_id, after.generation], [second, 2]);
  await assertFiltered(rig, after, 1_400);

  const restored = await rig.ml.rollback({ body: { ...WHO, stream: STREAM } });
  assert.deepEqual([restored.model_id, restored.status], [first, 'active']);
  assert.deepEqual(await regimeAt(rig, closedAt(1_400)), { ...before, generation: 3 });
  const [active] = (await rig.ml.activeModels()).active;
  assert.equal(active?.generation, 3);

  assert.equal((await promote(second)).status, 'active');
  const { models } = await rig.ml.models({ query: { instrument: 'SP500' } });
  assert.deepEqual(Object.fromEntries(models.map((model) => [model.model_id, model.status])), {
    [second]: 'active',
    [first]: 'retired',
  });
  const events = await rig.database.db
    .selectFrom('audit.outbox')
    .select('kind')
    .orderBy('outbox_id')
    .execute();
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['model.promoted', 'model.promoted', 'model.rolled_back', 'model.promoted'],
  );
});

test('a model expires by the time that is asked about', async () => {
  const nowMs = Date.UTC(2012, 0, 1);
  await using rig = await startRig({ MODEL_EXPIRY: '30' }, { clock: { nowMs: () => nowMs } });
  await rig.register(BARS.slice(0, 3_000));
  const model = (await rig.ml.train(WAIT)).runs[0]!.model!;
  assert.equal(model.expires_ms, nowMs + 30 * DAY_MS);
  const early = await regimeAt(rig, String(nowMs + 30 * DAY_MS - 1));
  const late = await regimeAt(rig, String(nowMs + 30 * DAY_MS));
  assert.deepEqual([early.expired, late.expired], [false, true]);
});

test('bad input is refused and names the field', async () => {
  await using rig = await startRig();
  const query = { as_of_ms: '-5' };
  await assert.rejects(rig.ml.regime({ params: { instrument: 'SP500' }, query }), (error) => {
    assert.ok(error instanceof CallError);
    assert.equal(error.status, 400);
    assert.match(JSON.stringify(error.problem?.fields), /as_of_ms/);
    return true;
  });
  const nobody = '00000000-0000-4000-8000-000000000000';
  await assert.rejects(rig.ml.model({ params: { id: nobody } }), refused('model_unknown'));
  await assert.rejects(rig.ml.run({ params: { id: nobody } }), refused('run_unknown'));
  await assert.rejects(rig.ml.promote({ params: { id: nobody }, body: WHO }), refused('model_unknown'));
  await assert.rejects(rig.ml.rollback({ body: { ...WHO, stream: STREAM } }), refused('no_active_model'));
});
