import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PriceBar } from '@aistock/market';
import { algorithmNamed, ALGORITHMS } from '@aistock/models';
import { PromotionPolicy } from '@aistock/promotion';
import { TrainingProblem } from '../training/training-problem.ts';
import { loadForecastModel } from './forecast-artefact.ts';
import { extendPath, startPath, toldAt } from './forecast-path.ts';
import { trainForecast, type ForecastTask } from './train-forecast.ts';

const HOUR_MS = 3_600_000;
const { model: POLICY } = PromotionPolicy.parse({});

/** Bars with volatility in clusters, whose returns lean against the one before. */
function madeBars(count: number, seed: number): PriceBar[] {
  let state = seed;
  const uniform = () => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) + 0.5) / 2 ** 32;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  let [close, variance, before] = [100, 1e-4, 0];
  return Array.from({ length: count }, (_, bar) => {
    const shock = Math.sqrt(variance) * normal();
    const value = shock - 0.3 * before;
    variance = 4e-6 + 0.15 * shock * shock + 0.8 * variance;
    before = value;
    const open = close;
    close *= Math.exp(value);
    return {
      openMs: 1_600_000_000_000 + bar * HOUR_MS,
      open,
      high: Math.max(open, close) * 1.001,
      low: Math.min(open, close) * 0.999,
      close,
      volume: 10 + uniform(),
    };
  });
}

const BARS = madeBars(2_400, 11);
const TASK: ForecastTask = {
  stream: 'made:BTC/USDT:1h',
  timeframe: '1h',
  bars: BARS,
  algorithm: 'garch',
  hyperparameters: {},
  horizonBars: 1,
  seed: 7,
  holdoutFraction: 0.3,
  champion: null,
  quality: 'pass',
  policy: POLICY,
};
const FORECASTING = [...ALGORITHMS.values()].filter(({ kind }) => kind !== 'regime').map(({ name }) => name);
const failed = (task: ForecastTask) =>
  trainForecast(task)
    .gates.filter(({ pass }) => !pass)
    .map(({ name }) => name);

for (const algorithm of FORECASTING)
  test(`${algorithm}: what it tells bar by bar is what its artefact tells of all bars, and the same task gives the same bytes`, () => {
    const task = { ...TASK, algorithm };
    const trained = trainForecast(task);
    assert.equal(trained.artefact.sha256, trainForecast(task).artefact.sha256);
    const model = loadForecastModel(trained.artefact.text, trained.artefact.sha256);
    const [whole, piecewise] = [startPath(model, '1h'), startPath(model, '1h')];
    extendPath(whole, BARS);
    for (let from = 0; from < BARS.length; from += 700)
      extendPath(piecewise, BARS.slice(Math.max(0, from - 5), from + 700));
    assert.deepEqual(piecewise.values, whole.values);
    assert.deepEqual(
      piecewise.openMs,
      BARS.map(({ openMs }) => openMs),
    );
    const told = toldAt(whole, BARS.length - 1).values;
    assert.deepEqual(Object.keys(told), algorithmNamed(algorithm).follow(model.artefact).tells);
    assert.ok(trained.card.trainedToMs < BARS[1_700]!.openMs, 'the hold-out is not fitted');
  });

test('a model that knows something answers; the same one again does not take its place', () => {
  const direction = { ...TASK, algorithm: 'logistic_ridge' };
  for (const task of [TASK, direction]) {
    assert.deepEqual(failed(task), [], task.algorithm);
    const champion = { ...trainForecast(task).artefact, expired: false };
    assert.deepEqual(failed({ ...task, champion }), ['better_than_champion']);
    assert.deepEqual(failed({ ...task, champion: { ...champion, expired: true } }), []);
  }
});

test('the newest answers are kept, and what is told of them does not change with that', () => {
  const { text, sha256 } = trainForecast(TASK).artefact;
  const model = loadForecastModel(text, sha256);
  const [whole, bounded] = [startPath(model, '1h'), startPath(model, '1h')];
  extendPath(whole, BARS);
  for (let from = 0; from < BARS.length; from += 100) extendPath(bounded, BARS.slice(from, from + 100), 250);
  assert.deepEqual(bounded.openMs, whole.openMs.slice(-250));
  assert.deepEqual(bounded.values, whole.values.slice(-250));
});

test('no other model knows the direction of a random walk', () => {
  let state = 5;
  const uniform = () => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) + 0.5) / 2 ** 32;
  let close = 100;
  const walk = BARS.map((bar) => {
    const open = close;
    close *= Math.exp(0.01 * (uniform() - 0.5));
    return { ...bar, open, close, high: Math.max(open, close), low: Math.min(open, close) };
  });
  for (const algorithm of ['logistic_ridge', 'boosted_trees', 'linear_ridge'])
    assert.ok(failed({ ...TASK, bars: walk, algorithm }).includes('better_than_baseline'), algorithm);
});

test('a champion that speaks of something else cannot be compared, so nothing takes its place', () => {
  const other = trainForecast({ ...TASK, algorithm: 'boosted_trees', horizonBars: 5 }).artefact;
  const task = { ...TASK, algorithm: 'logistic_ridge', champion: { ...other, expired: false } };
  assert.deepEqual(failed(task), ['better_than_champion']);
});

test('too few bars, other hyperparameters and features are refused by name; a damaged artefact is not loaded', () => {
  assert.throws(
    () => trainForecast({ ...TASK, bars: BARS.slice(0, 60) }),
    (error) => error instanceof TrainingProblem && error.code === 'not_enough_bars',
  );
  assert.throws(() => trainForecast({ ...TASK, hyperparameters: { depth: 3 } }), { code: 'bad_option' });
  assert.throws(() => trainForecast({ ...TASK, hyperparameters: { feature: 'close' } }), {
    code: 'unknown_feature',
  });
  assert.throws(() => trainForecast({ ...TASK, algorithm: 'hmm_gaussian_full' }), /forecasts nothing/);
  const { text, sha256 } = trainForecast(TASK).artefact;
  assert.throws(() => loadForecastModel(text.replace('"alpha"', '"alfa"'), sha256), /is not/);
});
