import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  boost,
  boostUntilBest,
  fromLightGbmText,
  importance,
  predictTrees,
  toLightGbmText,
  type LabelledRows,
} from './index.ts';

const dataDir = process.env['MARKET_DATA_DIR'];
const skip = dataDir === undefined && 'MARKET_DATA_DIR is not set';
const FEATURES = 10;
const NAMES = Array.from({ length: FEATURES }, (_, feature) => `x${feature}`);

/** The rows that the published figures are for: a linear congruential generator and a formula of seven of ten features. */
function published(seed: number, count: number): LabelledRows {
  let state = seed;
  const uniform = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const columns = NAMES.map(() => new Float64Array(count));
  const labels = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const x = columns.map((column) => (column[row] = uniform()));
    const z =
      3 * Math.sin(2 * Math.PI * x[0]!) * x[1]! +
      (x[3]! > 0.4 ? 8 * (x[2]! - 0.5) ** 2 : 0) -
      2 * x[4]! * x[5]! +
      (x[6]! > 0.7 ? 1.5 : 0) -
      0.3;
    labels[row] = Number(uniform() < 1 / (1 + Math.exp(-z)));
  }
  return { columns, labels };
}

const TRAIN = published(2024, 4_000);
const TEST = published(777, 4_000);

/** Area under the curve by mid-ranks (Mann and Whitney 1947), and mean log-loss. */
function quality(labels: Float64Array, predicted: Float64Array): { auc: number; logLoss: number } {
  const order = [...predicted.keys()].toSorted((a, b) => predicted[a]! - predicted[b]!);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  let ranks = 0;
  for (let first = 0, end = 0; first < order.length; first = end) {
    while (end < order.length && predicted[order[end]!] === predicted[order[first]!]) end++;
    const tied = order.slice(first, end).reduce((sum, row) => sum + labels[row]!, 0);
    ranks += (tied * (first + 1 + end)) / 2;
  }
  let loss = 0;
  for (const [row, label] of labels.entries())
    loss -= Math.log(label === 1 ? predicted[row]! : 1 - predicted[row]!);
  const auc = (ranks - (positives * (positives + 1)) / 2) / (positives * (labels.length - positives));
  return { auc, logLoss: loss / labels.length };
}

test('the rows are those of the published figures', { skip }, () => {
  const known = fixture();
  assert.equal(
    TRAIN.labels.reduce((sum, label) => sum + label, 0),
    known.train_pos,
  );
  assert.equal(
    TEST.labels.reduce((sum, label) => sum + label, 0),
    known.test_pos,
  );
});

interface Figures {
  readonly auc: number;
  readonly logloss: number;
}

interface Fixture {
  readonly train_pos: number;
  readonly test_pos: number;
  readonly first_tree_root: { readonly feature: number; readonly threshold: number; readonly gain: number };
  readonly [rounds: `lightgbm4.7_${number}r`]: Figures;
}

function fixture(): Fixture {
  const file = join(dataDir!, 'fixtures/known-answers/ml/gbdt_lcg.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Fixture;
}

for (const rounds of [1, 10, 50, 100, 200])
  test(`${rounds} rounds are as good as LightGBM's`, { skip }, () => {
    const { model } = boost(TRAIN, NAMES, { rounds });
    const { auc, logLoss } = quality(TEST.labels, predictTrees(model, TEST.columns));
    const known = fixture()[`lightgbm4.7_${rounds}r`]!;
    if (rounds === 1) assert.ok(Math.abs(auc - known.auc) < 1e-12, 'one tree is the same tree');
    assert.ok(Math.abs(auc - known.auc) < 0.005, `area ${auc}, LightGBM ${known.auc}`);
    assert.ok(Math.abs(logLoss - known.logloss) < 0.01, `loss ${logLoss}, LightGBM ${known.logloss}`);
  });

test("the first split is LightGBM's", { skip }, () => {
  const { feature, threshold, gain } = fixture().first_tree_root;
  const [tree] = boost(TRAIN, NAMES, { rounds: 1 }).model.trees;
  assert.equal(tree!.features[0], feature);
  assert.ok(Math.abs(tree!.thresholds[0]! - threshold) < 0.003, `${tree!.thresholds[0]}, not ${threshold}`);
  assert.ok(Math.abs(tree!.gains[0]! / gain - 1) < 0.002, `${tree!.gains[0]}, not ${gain}`);
});

test('a model that is written as text and read again predicts the same bits', () => {
  const { model } = boost(TRAIN, NAMES, { rounds: 20 });
  const again = fromLightGbmText(toLightGbmText(model));
  const [before, after] = [model, again].map((each) => predictTrees(each, TEST.columns));
  for (const [row, value] of before!.entries()) assert.ok(Math.abs(after![row]! - value) < 1e-15);
  assert.equal(
    toLightGbmText({ ...again, startScore: 0 }),
    toLightGbmText(fromLightGbmText(toLightGbmText(again))),
  );
});

test('what is no model of ours is refused by the name of what is wrong', () => {
  const text = toLightGbmText(boost(TRAIN, NAMES, { rounds: 2 }).model);
  const cases: readonly (readonly [string | RegExp, string, RegExp])[] = [
    ['objective=binary sigmoid:1', 'objective=lambdarank', /objective/],
    ['num_class=1', 'num_class=3', /num_class/],
    [/^split_feature=\d+/m, 'split_feature=99', /split_feature/],
    [/^decision_type=\d+/m, 'decision_type=1', /category/],
    [/^left_child=\d+/m, 'left_child=0', /children/],
    [/^leaf_value=\S+/m, 'leaf_value=x', /leaf_value/],
  ];
  for (const [from, to, message] of cases)
    assert.throws(() => fromLightGbmText(text.replace(from, to)), { code: 'bad_model', message });
});

test('early stopping keeps the round that was best on rows that were not trained on', () => {
  const { model, validationLosses } = boost(
    TRAIN,
    NAMES,
    { rounds: 400, learningRate: 0.3 },
    { validation: TEST },
  );
  const best = validationLosses.indexOf(Math.min(...validationLosses)) + 1;
  assert.equal(model.trees.length, best);
  assert.ok(validationLosses.length < 400 && validationLosses.length === best + 20);
});

test('where no tree is better than the start score, none is kept, and that model has a text too', () => {
  const { columns } = TRAIN;
  const flipped = { columns, labels: TRAIN.labels.map((label) => 1 - label) };
  const { model, validationLosses } = boost(TRAIN, NAMES, { rounds: 30 }, { validation: flipped });
  assert.equal(model.trees.length, 0);
  assert.equal(validationLosses.length, 20);
  const again = fromLightGbmText(toLightGbmText(model));
  assert.deepEqual(predictTrees(again, columns), predictTrees(model, columns));
  // Earlier rows say the opposite of the later ones.
  const turned = { columns, labels: TRAIN.labels.map((label, row) => (row < 3_000 ? 1 - label : label)) };
  const found = boostUntilBest(turned, NAMES, { rounds: 50 }, { validationShare: 0.25, purgeRows: 1 });
  assert.equal(found.rounds, 0);
  assert.equal(found.model.trees.length, 0);
});

test('rounds are chosen on later rows that no label of the earlier ones reaches into, then all rows are taken', () => {
  const PURGE = 40;
  const split = { validationShare: 0.25, purgeRows: PURGE };
  const options = { rounds: 120, learningRate: 0.2 };
  const found = boostUntilBest(TRAIN, NAMES, options, split);
  const part = (from: number, to: number): LabelledRows => ({
    columns: TRAIN.columns.map((column) => column.slice(from, to)),
    labels: TRAIN.labels.slice(from, to),
  });
  const early = boost(part(0, 3_000 - PURGE), NAMES, options, { validation: part(3_000, 4_000) });
  assert.equal(found.rounds, early.model.trees.length);
  assert.equal(found.validationLoss, early.validationLosses[found.rounds - 1]);
  const whole = boost(TRAIN, NAMES, { ...options, rounds: found.rounds }).model;
  assert.deepEqual(predictTrees(found.model, TEST.columns), predictTrees(whole, TEST.columns));
  // What the purged rows say changes no choice.
  const poisoned = {
    ...TRAIN,
    labels: TRAIN.labels.map((y, row) => (row >= 3_000 - PURGE && row < 3_000 ? 1 - y : y)),
  };
  assert.equal(boostUntilBest(poisoned, NAMES, options, split).rounds, found.rounds);
  assert.throws(() => boostUntilBest(part(0, 100), NAMES, options, { validationShare: 0.5, purgeRows: 50 }), {
    code: 'too_few_rows',
  });
});

test('of equal splits that of the first feature is taken, whatever the rows', () => {
  const { columns, labels } = TRAIN;
  const twice = { columns: [...columns, ...columns], labels };
  const names = [...NAMES, ...NAMES.map((name) => `${name}_again`)];
  const { trees } = boost(twice, names, { rounds: 10 }).model;
  assert.ok(trees.every(({ features }) => features.every((feature) => feature < FEATURES)));
  assert.deepEqual(trees, boost(TRAIN, NAMES, { rounds: 10 }).model.trees);
});

test('a name that LightGBM could not read is refused', () => {
  const { model } = boost(TRAIN, NAMES, { rounds: 1 });
  for (const name of ['two words', 'a:b', '', 'a,b'])
    assert.throws(() => toLightGbmText({ ...model, featureNames: [name, ...NAMES.slice(1)] }), {
      code: 'bad_model',
      message: /feature names/,
    });
});

test('gains find the features that the formula uses', () => {
  const ranked = importance(boost(TRAIN, NAMES).model).toSorted((a, b) => b.gain - a.gain);
  assert.deepEqual(
    ranked
      .slice(0, 7)
      .map(({ feature }) => feature)
      .toSorted(),
    ['x0', 'x1', 'x2', 'x3', 'x4', 'x5', 'x6'],
  );
  assert.equal(ranked[0]!.feature, 'x0');
});

test('a missing value goes where it lowered the loss in training', () => {
  const values = Float64Array.from({ length: 400 }, (_, row) => (row % 4 === 0 ? NaN : row % 2));
  const labels = values.map((value) => Number(Number.isNaN(value) || value === 1));
  const { model } = boost({ columns: [values], labels }, ['x'], { rounds: 30 });
  const [low, high, missing] = predictTrees(model, [Float64Array.of(0, 1, NaN)]);
  assert.ok(low! < 0.1 && high! > 0.9 && missing! > 0.9, `${low} ${high} ${missing}`);
});

const noisy = fc.array(
  fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })),
  {
    minLength: 60,
    maxLength: 120,
  },
);

test('a monotone feature never lowers the prediction, whatever the rows say', () => {
  fc.assert(
    fc.property(noisy, fc.constantFrom(1 as const, -1 as const), (pairs, direction) => {
      const columns = [Float64Array.from(pairs, ([x]) => x), Float64Array.from(pairs, ([, y]) => y)];
      const labels = Float64Array.from(pairs, ([x, y]) => Math.sin(3 * x) + y);
      const options = {
        objective: 'regression',
        rounds: 20,
        leafRowsMin: 3,
        monotone: [direction, 0],
      } as const;
      const { model } = boost({ columns, labels }, ['x', 'y'], options);
      const grid = Float64Array.from({ length: 50 }, (_, index) => -6 + index * 0.25);
      const predicted = predictTrees(model, [grid, grid.map(() => 0.3)]);
      for (let index = 1; index < grid.length; index++)
        assert.ok(direction * (predicted[index]! - predicted[index - 1]!) >= -1e-12);
    }),
    { numRuns: 40 },
  );
});

const bad =
  (rows: LabelledRows, options = {}) =>
  () =>
    boost(rows, NAMES, options);

test('rows and options that cannot be used are refused by name', () => {
  assert.throws(bad(TRAIN, { rounds: 0 }), { code: 'bad_option', message: /rounds/ });
  assert.throws(bad(TRAIN, { monotone: [1] }), { code: 'bad_option', message: /monotone/ });
  assert.throws(bad({ ...TRAIN, columns: TRAIN.columns.slice(1) }), { code: 'bad_shape' });
  assert.throws(bad({ ...TRAIN, labels: TRAIN.labels.map((label) => 2 * label) }), {
    code: 'not_finite',
    message: /label/,
  });
  const infinite = TRAIN.columns.map((column) => column.with(5, Infinity));
  assert.throws(bad({ ...TRAIN, columns: infinite }), { code: 'not_finite', message: /x0 of row 5/ });
  assert.throws(
    bad({ columns: TRAIN.columns.map((column) => column.slice(0, 30)), labels: TRAIN.labels.slice(0, 30) }),
    {
      code: 'too_few_rows',
    },
  );
});
