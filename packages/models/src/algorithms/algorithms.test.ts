import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Algorithm, Artefact, Predictions, TrainingTerms } from '../algorithm.ts';
import { firstRows, withFeatures } from '../dataset-parts.ts';
import type { Dataset } from '../dataset.ts';
import { ModelError } from '../model-error.ts';
import { algorithmNamed, ALGORITHMS } from './index.ts';
import { madeDataset, withTarget } from './made-dataset.fixture.ts';

const only = (dataset: Dataset, names: readonly string[]): Dataset =>
  withFeatures(
    dataset,
    names.map((name) => ({ name, version: 1 })),
  );

const ROWS = 700;
const ALL = madeDataset(ROWS);
const LATER = madeDataset(300, 99);
const READS: Readonly<Record<string, readonly string[]>> = {
  regime: ['return_log', 'volatility_log'],
  trend: ['close_log'],
  volatility: ['return_log'],
  direction: ['return_log', 'volatility_log'],
  regression: ['volatility_log', 'close_log'],
};
/** So that the fits are short. */
const SHORT: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  regime: { states: [2, 3], restarts: 3, finalists: 1, iterations_max: 60 },
};
/** Algorithms of a kind read the same, so they share what they are tried on. */
const datasetFor = ({ kind }: Algorithm, all: Dataset = ALL): Dataset => {
  const dataset = only(all, READS[kind]!);
  if (kind !== 'regression') return dataset;
  const values = all.columns[0]!.map((value) => value * 3 + 0.01);
  return withTarget(dataset, { name: 'return_ahead', horizonBars: 1, values });
};
const termsFor = ({ kind }: Algorithm, more: Partial<TrainingTerms> = {}): TrainingTerms => ({
  seed: 20_000_103,
  hyperparameters: SHORT[kind] ?? {},
  ...more,
});
const trained = new Map(
  [...ALGORITHMS.values()].map((algorithm) => [
    algorithm.name,
    algorithm.train(datasetFor(algorithm), termsFor(algorithm)),
  ]),
);
const modelOf = ({ name }: Algorithm) => trained.get(name)!;

const sameBits = (a: Predictions, b: Predictions, rows: number): void => {
  assert.deepEqual(Object.keys(a), Object.keys(b));
  for (const [name, column] of Object.entries(a))
    assert.deepEqual(column.slice(0, rows), b[name]!.slice(0, rows), name);
};
const withLikelihoods = (algorithm: Algorithm, artefact: Artefact, dataset: Dataset): Predictions => ({
  ...algorithm.predict(artefact, dataset),
  logLikelihoods: algorithm.logLikelihoods(artefact, dataset),
});

for (const algorithm of ALGORITHMS.values()) {
  const { name } = algorithm;
  const dataset = datasetFor(algorithm);
  const later = datasetFor(algorithm, LATER);

  test(`${name}: the same rows and seed give the same bytes`, () => {
    const again = algorithm.train(dataset, termsFor(algorithm));
    assert.equal(JSON.stringify(again), JSON.stringify(modelOf(algorithm)));
  });

  test(`${name}: the card is complete, and plain JSON`, () => {
    const { card } = modelOf(algorithm);
    assert.deepEqual(JSON.parse(JSON.stringify(card)), card);
    assert.equal(card.algorithm, name);
    assert.equal(card.kind, algorithm.kind);
    assert.deepEqual(card.features, dataset.features);
    assert.equal(card.target?.name, algorithm.needsTarget ? dataset.target!.name : undefined);
    assert.ok(card.rows > ROWS - 20 && card.rows <= ROWS && card.parameters > 0);
    assert.ok(card.trainedFromMs < card.trainedToMs && card.trainedToMs <= dataset.openMs.at(-1)!);
    assert.deepEqual(card.fileHashes, dataset.fileHashes);
    assert.deepEqual(card.hyperparameters, algorithm.hyperparameters(SHORT[algorithm.kind] ?? {}));
    for (const [metric, value] of Object.entries(card.metrics)) assert.ok(Number.isFinite(value), metric);
  });

  test(`${name}: no row knows of a later one`, () => {
    const { artefact } = modelOf(algorithm);
    const whole = withLikelihoods(algorithm, artefact, later);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: later.openMs.length }), (rows) => {
        sameBits(withLikelihoods(algorithm, artefact, firstRows(later, rows)), whole, rows);
      }),
      { numRuns: 15 },
    );
    const told = whole.logLikelihoods!.filter((value) => !Number.isNaN(value));
    assert.ok(told.length > 250 && told.every(Number.isFinite));
  });

  test(`${name}: what is stored and read again predicts the same bits`, () => {
    const { artefact } = modelOf(algorithm);
    const stored = JSON.parse(JSON.stringify(artefact)) as Artefact;
    assert.deepEqual(stored, artefact);
    sameBits(
      withLikelihoods(algorithm, stored, later),
      withLikelihoods(algorithm, artefact, later),
      later.openMs.length,
    );
  });

  test(`${name}: other artefacts, other features and damaged ones are refused by name`, () => {
    const { artefact } = modelOf(algorithm);
    for (const other of ALGORITHMS.values())
      if (other !== algorithm)
        assert.throws(() => other.predict(artefact, later), { code: 'bad_model', field: 'algorithm' });
    const versions = later.features.map((each) => ({ ...each, version: 2 }));
    assert.throws(() => algorithm.predict(artefact, { ...later, features: versions }), {
      code: 'bad_shape',
      message: /version 1/,
    });
    const model = artefact['model'] as Readonly<Record<string, unknown>>;
    for (const field of Object.keys(model))
      for (const value of [null, 'x', {}, [], ...(field === 'intercept' ? [] : [-1])])
        assert.throws(
          () => algorithm.predict({ ...artefact, model: { ...model, [field]: value } }, later),
          (error) => error instanceof ModelError && error.code === 'bad_model',
          `${field} ${JSON.stringify(value)}`,
        );
  });

  test(`${name}: an unknown hyperparameter and a bad value are refused by name, with what is allowed`, () => {
    assert.throws(() => algorithm.hyperparameters({ depth: 3 }), {
      code: 'bad_option',
      field: 'hyperparameters.depth',
      message: /is not known; there are/,
    });
    for (const field of Object.keys(algorithm.hyperparameters({})))
      for (const value of [null, NaN, -1e12, { toString: 'x' }, '../x'])
        assert.throws(
          () => algorithm.train(dataset, termsFor(algorithm, { hyperparameters: { [field]: value } })),
          { code: 'bad_option', field: `hyperparameters.${field}`, message: /must be/ },
        );
  });

  test(`${name}: an aborted training ends, an infinite value is refused, and no rows are too few`, () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    assert.throws(() => algorithm.train(dataset, termsFor(algorithm, { signal })), /stopped/);
    const infinite = { ...dataset, columns: dataset.columns.map((column) => column.with(40, Infinity)) };
    assert.throws(() => algorithm.train(infinite, termsFor(algorithm)), { code: 'not_finite' });
    assert.throws(() => algorithm.predict(modelOf(algorithm).artefact, infinite), { code: 'not_finite' });
    assert.throws(() => algorithm.train(firstRows(dataset, 0), termsFor(algorithm)), {
      code: 'too_few_rows',
    });
  });
}

test('an algorithm that learns a target needs one, and rows without a target are not fitted', () => {
  const algorithm = algorithmNamed('logistic_ridge');
  assert.throws(() => algorithm.train(withTarget(datasetFor(algorithm), null), termsFor(algorithm)), {
    code: 'bad_shape',
    field: 'target',
  });
  const { card } = modelOf(algorithm);
  assert.equal(card.rows, ROWS - 12 - 1);
  assert.equal(card.trainedToMs, ALL.openMs[ROWS - 2]);
});

test('a model reads its features by name and version, wherever they are in the dataset', () => {
  const algorithm = algorithmNamed('boosted_trees');
  const { artefact } = modelOf(algorithm);
  const turned = only(LATER, ['close_log', 'volatility_log', 'return_log']);
  sameBits(
    algorithm.predict(artefact, turned),
    algorithm.predict(artefact, datasetFor(algorithm, LATER)),
    300,
  );
});

test('what a fit says of its rows is what the rows say under the model', () => {
  for (const name of ['kalman_trend', 'garch', 'garch_t', 'logistic_ridge', 'hmm_gaussian_full']) {
    const algorithm = algorithmNamed(name);
    const { card, artefact } = modelOf(algorithm);
    if (card.warnings.some((warning) => warning.startsWith('EWMA'))) continue;
    const told = algorithm
      .logLikelihoods(artefact, datasetFor(algorithm))
      .reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0);
    const fitted = card.metrics['log_likelihood_nats']!;
    // The fit of a trend also counts the two prices that only say where it begins.
    if (name === 'kalman_trend') assert.ok(Math.abs(told - fitted) < 20, `${name} ${told}, not ${fitted}`);
    else assert.ok(Math.abs(told / fitted - 1) < 1e-9, `${name} ${told}, not ${fitted}`);
  }
});

const gap = (algorithm: Algorithm): Dataset => ({
  ...datasetFor(algorithm),
  columns: datasetFor(algorithm).columns.map((column) => column.with(300, NaN)),
});

test('a missing value costs a row, lets time pass, or is refused, as the algorithm says', () => {
  const logistic = algorithmNamed('logistic_ridge');
  const { card, artefact } = logistic.train(gap(logistic), termsFor(logistic));
  assert.equal(card.rows, modelOf(logistic).card.rows - 1);
  assert.match(card.warnings.join(), /1 rows lack a feature/);
  const told = logistic.predict(artefact, gap(logistic))['probability']!;
  assert.ok(Number.isNaN(told[300]) && !Number.isNaN(told[301]));
  const trend = algorithmNamed('kalman_trend');
  const { level, velocity } = trend.predict(modelOf(trend).artefact, gap(trend));
  assert.ok(Math.abs(level![300]! - level![299]! - velocity![299]!) < 1e-12);
  const garch = algorithmNamed('garch');
  assert.throws(() => garch.train(gap(garch), termsFor(garch)), { code: 'not_finite', field: 'return_log' });
  const hmm = algorithmNamed('hmm_gaussian_diagonal');
  const asked = { hyperparameters: { ...SHORT['regime'], missing: 'marginalise' } };
  assert.throws(() => hmm.train(gap(hmm), termsFor(hmm)), { code: 'not_finite' });
  const marginal = hmm.train(gap(hmm), termsFor(hmm, asked));
  const lived = hmm.predict(marginal.artefact, gap(hmm));
  assert.ok(!Number.isNaN(lived['risk']![300]) && Number.isNaN(lived['risk']![3]));
  assert.ok(Number.isNaN(hmm.logLikelihoods(marginal.artefact, gap(hmm))[300]));
});

test('a dataset that is none is refused by what is wrong with it', () => {
  const algorithm = algorithmNamed('linear_ridge');
  const dataset = datasetFor(algorithm);
  const cases: readonly (readonly [Partial<Dataset>, string])[] = [
    [{ features: [], columns: [] }, 'features'],
    [{ features: [dataset.features[0]!, dataset.features[0]!] }, 'features'],
    [{ columns: dataset.columns.slice(1) }, 'columns'],
    [{ columns: dataset.columns.map((column) => column.slice(1)) }, 'columns'],
    [{ openMs: dataset.openMs.toReversed() }, 'openMs'],
    [{ target: { ...dataset.target!, values: new Float64Array(3) } }, 'target'],
  ];
  for (const [change, field] of cases)
    assert.throws(() => algorithm.train({ ...dataset, ...change }, termsFor(algorithm)), {
      code: 'bad_shape',
      field,
    });
  assert.throws(() => algorithm.train(dataset, termsFor(algorithm, { seed: 0.5 })), { field: 'seed' });
  assert.throws(() => algorithmNamed('random_forest'), { field: 'algorithm' });
});
