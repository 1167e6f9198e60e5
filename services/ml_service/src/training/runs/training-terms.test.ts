import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALGORITHMS } from '@aistock/models';
import { ForecastAlgorithm, RegimeAlgorithm, TrainingRequest } from '@aistock/shared';
import { configSchema } from '../../config.ts';
import { fullTerms } from './training-terms.ts';

const CONFIG = configSchema.parse({ DATABASE_URL: 'postgres://none@127.0.0.1:1/none', LAKE_DIR: '/nowhere' });
const STREAMS = { streams: ['csv:SP500:1d'] };

test('every algorithm that the contract names is there, and forecasts or tells regimes as it says', () => {
  for (const name of RegimeAlgorithm.options) assert.equal(ALGORITHMS.get(name)?.kind, 'regime');
  const forecasting = [...ALGORITHMS.values()].filter(({ kind }) => kind !== 'regime');
  assert.deepEqual(forecasting.map(({ name }) => name).toSorted(), ForecastAlgorithm.options.toSorted());
});

test('a model that forecasts is trained on a window, with the defaults of its algorithm', () => {
  const request = TrainingRequest.parse({
    ...STREAMS,
    algorithm: 'logistic_ridge',
    hyperparameters: { lambda: 3, horizon_bars: 5 },
  });
  const { terms, exactlyOnce } = fullTerms(request, { ...CONFIG, EXACTLY_ONCE: true });
  assert.deepEqual(terms, {
    tells: 'forecasts',
    algorithm: 'logistic_ridge',
    strategies: [],
    window_bars: CONFIG.WINDOW_BARS_MAX,
    window_bars_max: CONFIG.WINDOW_BARS_MAX,
    hyperparameters: { lambda: 3, holdout_fraction: CONFIG.HOLDOUT_FRACTION, horizon_bars: 5 },
  });
  assert.equal(exactlyOnce, false);
});

const bad = (algorithm: string, hyperparameters: object) => () =>
  fullTerms(TrainingRequest.parse({ ...STREAMS, algorithm, hyperparameters }), CONFIG);

const fieldIs = (field: string) => (error: unknown) => {
  const { fields } = error as { readonly fields?: readonly { readonly field: string }[] };
  assert.deepEqual(
    fields?.map((each) => each.field),
    [field],
  );
  return true;
};

const pathsOf = (request: object) =>
  TrainingRequest.safeParse(request).error?.issues.map(({ path }) => path.join('.'));

test('a hyperparameter of another algorithm, or out of range, is refused by its field', () => {
  assert.throws(bad('garch', { lambda: 1 }), fieldIs('hyperparameters.lambda'));
  assert.throws(bad('boosted_trees', { rounds: 0 }), fieldIs('hyperparameters.rounds'));
  const refused: readonly (readonly [object, string])[] = [
    [{ algorithm: 'garch', hyperparameters: { horizon_bars: 0 } }, 'hyperparameters.horizon_bars'],
    [{ hyperparameters: { restarts: 0 } }, 'hyperparameters.restarts'],
    [{ hyperparameters: { lambda: 1 } }, 'hyperparameters'],
    [{ algorithm: 'garch', strategies: ['trend_following'] }, 'strategies'],
    [{ algorithm: 'garch', exactly_once: true }, 'exactly_once'],
  ];
  for (const [request, field] of refused) assert.deepEqual(pathsOf({ ...STREAMS, ...request }), [field]);
  assert.deepEqual(pathsOf({ algorithm: 'garch' }), ['streams']);
});
