import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createRandom,
  fit,
  infer,
  mergeStatistics,
  stateDeviations,
  sufficientStatistics,
  updateOnline,
} from '../index.ts';

function regimes(rows: number, seed: number, wild: number) {
  const random = createRandom(seed);
  let state = 0;
  const values = Float64Array.from({ length: rows }, () => {
    if (random.uniform() > 0.98) state = 1 - state;
    const normal = Math.sqrt(-2 * Math.log(random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
    return (state === 1 ? wild : 1) * normal;
  });
  return { dimensions: 1, values };
}

function rowsFrom(observations: { values: Float64Array }, from: number, to: number) {
  return { dimensions: 1, values: observations.values.subarray(from, to) };
}

test('chunk after chunk, no row read twice, ends near the fit of all rows at once', () => {
  const all = regimes(8_000, 11, 4);
  const batch = fit(all, { states: 2, restarts: 4 });
  const first = fit(rowsFrom(all, 0, 1_000), { states: 2, restarts: 4 });
  let { model, statistics } = first;
  for (let from = 1_000; from < 8_000; from += 500)
    ({ model, statistics } = updateOnline(model, statistics, rowsFrom(all, from, from + 500)));
  assert.ok(Math.abs(statistics.rows - 8_000) < 1e-6);
  const online = infer(model, all).logLikelihood;
  const loss = (batch.logLikelihood - online) / 8_000;
  assert.ok(loss < 0.002, `${loss} nats a row lost against the batch fit`);
  const stale = infer(first.model, all).logLikelihood;
  assert.ok(online > stale, 'the updates must have taught something');
});

test('with less retention the model follows a change of the market faster', () => {
  const before = fit(regimes(3_000, 5, 3), { states: 2, restarts: 4 });
  const change = regimes(1_500, 6, 9);
  const wild = (retention: number) =>
    stateDeviations(updateOnline(before.model, before.statistics, change, { retention }).model)[1]!;
  assert.ok(wild(0.2) > wild(1) + 0.5, `${wild(0.2)} against ${wild(1)}`);
});

test('statistics add up over sequences', () => {
  const all = regimes(600, 2, 3);
  const { model } = fit(all, { states: 2, restarts: 2 });
  const whole = sufficientStatistics(model, { ...all, lengths: [200, 400] });
  const parts = mergeStatistics(
    sufficientStatistics(model, rowsFrom(all, 0, 200)),
    sufficientStatistics(model, rowsFrom(all, 200, 600)),
    1,
  );
  assert.equal(parts.rows, whole.rows);
  whole.products.forEach((value, index) =>
    assert.ok(Math.abs(value - parts.products[index]!) < 1e-9 * value),
  );
});

test('bad options and shapes are refused', () => {
  const all = regimes(300, 2, 3);
  const { model, statistics } = fit(all, { states: 2, restarts: 2 });
  assert.throws(() => updateOnline(model, statistics, all, { retention: 1.1 }), { code: 'bad_option' });
  assert.throws(() => updateOnline(model, statistics, all, { passes: 0 }), { code: 'bad_option' });
  assert.throws(() => updateOnline(model, statistics, { ...all, dimensions: 2 }), { code: 'bad_shape' });
  const other = fit(all, { states: 3, restarts: 1 }).statistics;
  assert.throws(() => updateOnline(model, other, all), { code: 'bad_shape' });
});
