import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datasetOf, featuresOf } from '@aistock/features';
import { closeMs, toPriceBar } from '@aistock/market';
import { algorithmNamed } from '@aistock/models';
import { CallError, type Forecast, type ForecastKind } from '@aistock/shared';
import { startRig, type Rig } from './rig.ts';
import { sp500, STREAM } from './sp500.ts';

const BARS = sp500();
const DAY_MS = 86_400_000;
const VOLATILITY = { algorithm: 'garch_gjr', streams: [STREAM], window_bars: 2_000 } as const;

const closedAt = (index: number) => String(closeMs(BARS[index]!.openMs, '1d', 'xnys'));
const forecastAt = ({ ml }: Rig, asOf: string, kind: ForecastKind = 'volatility') =>
  ml.forecast({ params: { instrument: 'SP500' }, query: { kind, as_of_ms: asOf } });
const train = async ({ ml }: Rig, body: object) =>
  (await ml.train({ query: { wait: 'true' }, body })).runs[0]!;

const refused = (code: string) => (error: unknown) => {
  assert.ok(error instanceof CallError);
  assert.equal(error.problem?.code, code);
  return true;
};

/** What the stored artefact tells of all bars at once is what was told bar by bar. */
async function assertTold({ ml }: Rig, forecast: Forecast, index: number): Promise<void> {
  const { artefact, card, filter_from_ms: fromMs } = await ml.model({ params: { id: forecast.model_id } });
  const bars = BARS.slice(0, index + 1).filter((bar) => bar.openMs >= fromMs);
  const dataset = datasetOf(bars.map(toPriceBar), featuresOf(card!.features), {
    stream: STREAM,
    timeframe: '1d',
    fileHashes: [],
  });
  const told = algorithmNamed(card!.algorithm).predict(artefact, dataset);
  assert.equal(forecast.bar_open_ms, BARS[index]!.openMs);
  for (const [name, value] of Object.entries(forecast.values)) assert.equal(value, told[name]!.at(-1), name);
  assert.deepEqual(Object.keys(forecast.values).toSorted(), Object.keys(told).toSorted());
}

test('bar after bar, the champion of a kind tells what its artefact tells, also of the past', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 3_000));
  await assert.rejects(forecastAt(rig, closedAt(2_000)), refused('no_active_model'));
  const run = await train(rig, VOLATILITY);
  assert.deepEqual([run.status, run.promoted, run.problem], ['trained', true, null]);
  await rig.register(BARS.slice(3_000, 3_100));
  for (const index of [2_999, 3_000, 3_001, 3_099, 2_100, 3_050]) {
    const forecast = await forecastAt(rig, closedAt(index));
    assert.equal(forecast.model_id, run.model!.model_id);
    assert.equal(forecast.algorithm, 'garch_gjr');
    assert.equal(forecast.in_sample, BARS[index]!.openMs < run.model!.trained_to_ms);
    await assertTold(rig, forecast, index);
  }
  const before = await forecastAt(rig, String(Number(closedAt(3_050)) - 1));
  assert.equal(before.bar_open_ms, BARS[3_049]!.openMs);
  await assert.rejects(forecastAt(rig, closedAt(900)), refused('no_forecast_yet'));
});

test('an answer costs one bar at most, and nothing where no bar can have closed', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 3_000));
  await train(rig, VOLATILITY);
  await forecastAt(rig, closedAt(2_990));
  rig.ingester.asked.length = 0;
  await forecastAt(rig, closedAt(2_990));
  assert.deepEqual(rig.ingester.asked, []);
  await forecastAt(rig, closedAt(2_991));
  assert.deepEqual(
    rig.ingester.asked.map((query) => query['from_ms']),
    [BARS[2_990]!.openMs + 1],
  );
});

test('the card says where the model comes from, and no file is claimed for it', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 1_000));
  await rig.register(BARS.slice(1_000, 3_000));
  await rig.register(BARS.slice(3_000, 3_200));
  const run = await train(rig, { ...VOLATILITY, window_bars: 2_100, seed: 5 });
  assert.deepEqual([run.files, run.exactly_once, run.window_bars], [0, false, 2_100]);
  const { model, card } = await rig.ml.model({ params: { id: run.model!.model_id } });
  assert.equal(model.kind, 'volatility');
  assert.equal(model.states, null);
  assert.match(model.code_version!, /^0\.1\.0\+[0-9a-f]{16}$/);
  const files = await rig.database.db
    .selectFrom('ledger.file')
    .selectAll()
    .orderBy('first_open_at')
    .execute();
  assert.deepEqual(card!.file_hashes, [files[1]!.sha256, files[2]!.sha256].toSorted());
  assert.ok(files.every(({ status }) => status === 'downloaded'));
  assert.deepEqual(card!.features, [{ name: 'return_log', version: 1 }]);
  assert.equal(card!.seed, 5);
  assert.deepEqual(card!.hyperparameters, {
    feature: 'return_log',
    holdout_share: 0.2,
    holdout_fraction: 0.2,
    horizon_bars: 1,
  });
  assert.ok(card!.rows === model.bars && card!.trained_to_ms === model.trained_to_ms);
  // Regimes are trained on the same files after it, and each kind has a champion of its own.
  const regimes = await train(rig, { streams: [STREAM] });
  assert.equal(regimes.files, 3);
  assert.equal((await forecastAt(rig, closedAt(3_150))).model_id, model.model_id);
  const { card: regimeCard } = await rig.ml.model({ params: { id: regimes.model!.model_id } });
  assert.equal(regimeCard!.kind, 'regime');
  assert.deepEqual(regimeCard!.file_hashes, files.map(({ sha256 }) => sha256).toSorted());
});

test('the same run again gives the same bytes, and takes nobody’s place', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 3_000));
  const first = await train(rig, VOLATILITY);
  const second = await train(rig, VOLATILITY);
  assert.equal(second.model!.sha256, first.model!.sha256);
  assert.equal(second.promoted, false);
  assert.deepEqual(
    second.model!.gates.filter(({ pass }) => !pass).map(({ name }) => name),
    ['better_than_champion'],
  );
  assert.equal((await forecastAt(rig, closedAt(2_950))).model_id, first.model!.model_id);
});

test('a model that knows nothing answers nobody', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 3_000));
  for (const [algorithm, kind] of [
    ['logistic_ridge', 'direction'],
    ['kalman_trend', 'trend'],
  ] as const) {
    const run = await train(rig, { algorithm, streams: [STREAM], window_bars: 2_000 });
    assert.deepEqual([run.status, run.promoted], ['trained', false]);
    assert.ok(run.model!.gates.some(({ name, pass }) => name === 'better_than_baseline' && !pass));
    await assert.rejects(forecastAt(rig, closedAt(2_950), kind), refused('no_active_model'));
  }
});

test('a model expires by the time that is asked about', async () => {
  await using rig = await startRig({ MODEL_EXPIRY: '1' });
  await rig.register(BARS.slice(0, 3_000));
  const { model } = await train(rig, VOLATILITY);
  const early = await forecastAt(rig, closedAt(2_950));
  assert.equal(early.expired, false);
  const late = await forecastAt(rig, String(model!.expires_ms + DAY_MS));
  assert.equal(late.expired, true);
});

test('bad input is refused and names the field', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 300));
  const ask = (query: object) => rig.ml.forecast({ params: { instrument: 'SP500' }, query: query as never });
  await assert.rejects(ask({ kind: 'regime' }), refused('invalid_request'));
  await assert.rejects(ask({}), refused('invalid_request'));
  for (const [body, field] of [
    [{ ...VOLATILITY, hyperparameters: { lambda: 1 } }, 'hyperparameters.lambda'],
    [{ ...VOLATILITY, hyperparameters: { holdout_share: 2 } }, 'hyperparameters.holdout_share'],
    [{ algorithm: 'garch', streams: [STREAM], exactly_once: true }, 'exactly_once'],
    [{ ...VOLATILITY, strategies: ['trend_following'] }, 'strategies'],
    [{ algorithm: 'garch' }, 'streams'],
  ] as const)
    await assert.rejects(train(rig, body), (error) => {
      assert.ok(error instanceof CallError);
      assert.deepEqual(
        error.problem?.fields?.map((each) => each.field.replace(/^body\./, '')),
        [field],
        JSON.stringify(error.problem),
      );
      return true;
    });
  const unknown = await train(rig, { ...VOLATILITY, hyperparameters: { feature: 'close' } });
  assert.equal(unknown.problem?.code, 'model_unknown_feature');
});
