import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TRUTHS } from '../../test/truths.ts';
import {
  createRandom,
  fit,
  HmmError,
  mixtureHmm,
  modelFromJson,
  modelToJson,
  sampleEmission,
  stateDeviations,
  statisticsFromJson,
  statisticsToJson,
} from '../index.ts';
import { emptyStatistics } from '../empty-statistics.ts';
import { mergeStatistics } from '../statistics.ts';

function refused(run: () => unknown, code: string, message: RegExp): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof HmmError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}

const DAMAGE: readonly (readonly [name: string, change: object, message: RegExp])[] = [
  ['spherical', { covariances: [1, 2, 1, 1] }, /spherical covariance of state 0 must be one variance/],
  ['tied', { covariances: [1, 0, 1, 2, 0, 1] }, /tied covariance of state 1 must be that of state 0/],
  ['full', { covariances: [1, 2, 1, 1, 0, 1] }, /covariance of state 0 must be positive definite/],
  ['Student-t', { freedoms: [4, 2] }, /freedoms must be above two/],
  ['Student-t', { dispersions: [1, 0, 1, 1] }, /dispersions must be above zero/],
  ['Student-t', { format: 'student_t_hmm/2' }, /format must be "gaussian_hmm\/1" or "student_t_hmm\/1"/],
  ['categorical', { symbols: [3] }, /symbols must hold 2 counts/],
  ['categorical', { symbols: [3, 0] }, /symbols must be a whole number from 1/],
  ['categorical', { symbols: [3, 1e9] }, /symbols must be at most/],
  ['categorical', { probabilities: [1] }, /probabilities must hold 10 numbers/],
  ['categorical', { scaling: { offsets: [0, 1], scales: [1, 1] } }, /scaling of symbols/],
  ['mixture', { components: 1.5 }, /components must be a whole number/],
  ['mixture', { shares: [0.5, 0.6, 0.5, 0.5] }, /shares of state 0 must sum to 1/],
  ['mixture', { variances: [1, 1, 1, 1, 1, 1, 1, -1] }, /variances must be above zero/],
  ['mixture', { states: 2 ** 40 }, /start must hold/],
];

test('a damaged model is refused by the name of the field', () => {
  for (const [name, change, message] of DAMAGE)
    refused(() => modelFromJson({ ...modelToJson(TRUTHS[name]!.model), ...change }), 'bad_model', message);
});

test('a damaged categorical probability is refused by its state and feature', () => {
  const json = modelToJson(TRUTHS['categorical']!.model);
  assert.ok(json.format === 'categorical_hmm/1');
  const probabilities = json.probabilities.with(9, 0.9);
  refused(
    () => modelFromJson({ ...json, probabilities }),
    'bad_model',
    /probabilities of state 1, feature 1/,
  );
});

test('damaged statistics are refused by the name of the field, and never believed about their size', () => {
  const mixture = statisticsToJson(
    emptyStatistics({ family: 'mixture', states: 2, dimensions: 2, components: 2 }),
  );
  const symbols = statisticsToJson(
    emptyStatistics({ family: 'categorical', states: 2, dimensions: 1, symbols: [3] }),
  );
  const damaged: [object, RegExp][] = [
    [{ ...mixture, states: 2 ** 40 }, /start must be \d+ numbers/],
    [{ ...mixture, components: 3 }, /weights must be 6 numbers/],
    [{ ...mixture, family: 'gaussian' }, /family must be "student_t"/],
    [{ ...mixture, format: 'x' }, /format must be/],
    [{ ...mixture, weights: undefined }, /weights must be an array/],
    [{ ...symbols, symbols: [3, 3] }, /symbols must be 1 counts/],
    [{ ...symbols, sums: [1, 2, 3, 4, 5, null] }, /sums must be an array of finite numbers/],
  ];
  for (const [json, message] of damaged) refused(() => statisticsFromJson(json), 'bad_model', message);
});

test('statistics of different models cannot be merged', () => {
  const a = emptyStatistics({ family: 'categorical', states: 2, dimensions: 2, symbols: [2, 3] });
  const b = emptyStatistics({ family: 'categorical', states: 2, dimensions: 2, symbols: [3, 2] });
  refused(() => mergeStatistics(a, b, 1), 'bad_shape', /different models/);
  const again = emptyStatistics({ symbols: [2, 3], dimensions: 2, states: 2, family: 'categorical' });
  assert.equal(mergeStatistics(a, again, 1).rows, 0);
});

test('options that no family has are refused by name', () => {
  const rows = { dimensions: 1, values: Float64Array.from({ length: 50 }, (_, row) => row % 3) };
  const bad: [object, RegExp][] = [
    [{ family: 'poisson' }, /family must be/],
    [{ covariance: 'square' }, /covariance must be/],
    [{ family: 'mixture' }, /components must be a whole number from 1 to 64/],
    [{ family: 'mixture', components: 65 }, /components/],
    [{ family: 'categorical' }, /symbols must hold 1 counts/],
    [{ family: 'categorical', symbols: [0] }, /symbols must be a whole number/],
  ];
  for (const [options, message] of bad)
    refused(() => fit(rows, { states: 2, ...options }), 'bad_option', message);
  refused(
    () => fit({ ...rows, missing: 'drop' as 'refuse' }, { states: 2 }),
    'bad_option',
    /missing must be/,
  );
  const empty = {
    dimensions: 2,
    values: Float64Array.from({ length: 100 }, (_, at) => (at % 2 ? Number.NaN : at)),
  };
  refused(
    () => fit({ ...empty, missing: 'marginalise' }, { states: 2 }),
    'too_few_rows',
    /feature 1 has no value/,
  );
  refused(() => sampleEmission(TRUTHS['full']!.model, 2, createRandom(1)), 'bad_option', /state must be/);
});

test('the deviation of a mixture far from zero does not vanish in its mean', () => {
  const model = mixtureHmm({
    start: [1],
    transition: [[1]],
    shares: [[0.5, 0.5]],
    means: [[[1e9 - 3], [1e9 + 3]]],
    variances: [[[16], [16]]],
  });
  assert.equal(stateDeviations(model)[0], 5);
});
