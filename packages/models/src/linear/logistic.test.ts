import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { ModelError } from '../model-error.ts';
import { fitLogistic, predictLogistic, type LinearRows } from './index.ts';

const dataDir = process.env['MARKET_DATA_DIR'];
const skip = dataDir === undefined && 'MARKET_DATA_DIR is not set';

interface Spector {
  readonly X: readonly (readonly number[])[];
  readonly cols: readonly string[];
  readonly y: readonly number[];
  readonly params: Readonly<Record<string, number>>;
  readonly bse: Readonly<Record<string, number>>;
  readonly llf: number;
}

function spector(): { known: Spector; rows: LinearRows } {
  const file = join(dataDir!, 'fixtures/known-answers/ml/logit_spector.json');
  const known = JSON.parse(readFileSync(file, 'utf8')) as Spector;
  const columns = known.cols.map((_, feature) => Float64Array.from(known.X, (row) => row[feature]!));
  return { known, rows: { columns, labels: Float64Array.from(known.y) } };
}

const near = (actual: number, expected: number, share: number, what: string) =>
  assert.ok(
    Math.abs(actual - expected) <= share * Math.max(1, Math.abs(expected)),
    `${what}: ${actual}, not ${expected}`,
  );

test("without a ridge the published figures of Spector and Mazzeo's students hold", { skip }, () => {
  const { known, rows } = spector();
  const { model, logLikelihood } = fitLogistic(rows, known.cols, { lambda: 0 });
  near(logLikelihood, known.llf, 1e-12, 'log-likelihood');
  near(model.intercept, known.params['const']!, 1e-9, 'intercept');
  near(model.interceptError, known.bse['const']!, 1e-7, 'error of the intercept');
  for (const [feature, name] of known.cols.entries()) {
    near(model.coefficients[feature]!, known.params[name]!, 1e-9, name);
    near(model.standardErrors[feature]!, known.bse[name]!, 1e-7, `error of ${name}`);
  }
});

const separated: LinearRows = {
  columns: [Float64Array.of(-3, -2, -1, -0.5, 0.5, 1, 2, 3)],
  labels: Float64Array.of(0, 0, 0, 0, 1, 1, 1, 1),
};

test('separated labels have an answer with a ridge and are refused without', () => {
  const { model } = fitLogistic(separated, ['x'], { lambda: 0.1 });
  assert.ok(model.coefficients[0]! > 0 && model.coefficients[0]! < 10);
  near(model.intercept, 0, 1e-9, 'intercept of a symmetric data set');
  assert.throws(() => fitLogistic(separated, ['x'], { lambda: 0 }), {
    code: 'degenerate',
    message: /lambda/,
  });
  const quasi = { ...separated, columns: [Float64Array.of(-3, -2, -1, 0, 0, 1, 2, 3)] };
  assert.throws(() => fitLogistic(quasi, ['x'], { lambda: 0 }), { code: 'degenerate' });
  const twice = { columns: [TALL, TALL.map((x) => 2 * x)], labels: MIXED };
  assert.throws(() => fitLogistic(twice, ['a', 'b'], { lambda: 0 }), { code: 'degenerate' });
});

const TALL = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const MIXED = Float64Array.of(0, 1, 0, 0, 1, 0, 1, 1);

test('a constant feature is named and counts nothing', () => {
  const rows = { columns: [TALL, new Float64Array(8).fill(0.1)], labels: MIXED };
  const { model } = fitLogistic(rows, ['x', 'flat'], { lambda: 0 });
  assert.deepEqual(model.constant, ['flat']);
  assert.equal(model.coefficients[1], 0);
  const alone = fitLogistic({ ...rows, columns: [TALL] }, ['x'], { lambda: 0 }).model;
  assert.equal(model.intercept, alone.intercept);
});

test('what cannot be fitted is refused by name', () => {
  const cases: readonly (readonly [LinearRows, number, string, RegExp])[] = [
    [{ columns: [TALL.with(2, NaN)], labels: MIXED }, 1, 'not_finite', /x of row 2/],
    [{ columns: [TALL], labels: MIXED.with(3, 0.5) }, 1, 'not_finite', /label 3/],
    [{ columns: [TALL], labels: new Float64Array(8) }, 1, 'degenerate', /every label is 0/],
    [{ columns: [TALL.subarray(1)], labels: MIXED }, 1, 'bad_shape', /8 rows/],
    [{ columns: [], labels: MIXED }, 1, 'bad_shape', /columns/],
    [{ columns: [TALL], labels: MIXED }, -1, 'bad_option', /lambda/],
    [{ columns: [TALL.subarray(0, 2)], labels: MIXED.subarray(0, 2) }, 1, 'too_few_rows', /2 rows/],
  ];
  for (const [rows, lambda, code, message] of cases)
    assert.throws(
      () => fitLogistic(rows, ['x'], { lambda }),
      (error) => error instanceof ModelError && error.code === code && message.test(error.message),
    );
  const { model } = fitLogistic({ columns: [TALL], labels: MIXED }, ['x']);
  assert.throws(() => predictLogistic(model, [TALL.with(0, NaN)]), { code: 'not_finite' });
});

test('the slope is zero at the answer, whatever units features come in', () => {
  const value = fc.integer({ min: -100_000, max: 100_000 }).map((x) => x / 1_000);
  const row = fc.record({ a: value, b: value, label: fc.boolean() });
  const data = fc.array(row, { minLength: 6, maxLength: 40 });
  fc.assert(
    fc.property(data, fc.constantFrom(0.01, 1, 100), fc.constantFrom(1e-6, 1, 1e9), (found, lambda, unit) => {
      const labels = Float64Array.from(found, ({ label }) => Number(label));
      fc.pre(labels.includes(0) && labels.includes(1));
      const columns = [Float64Array.from(found, ({ a }) => a), Float64Array.from(found, ({ b }) => b)];
      const { model } = fitLogistic({ columns, labels }, ['a', 'b'], { lambda });
      const predicted = predictLogistic(model, columns);
      const mean = predicted.reduce((sum, p) => sum + p, 0) / labels.length;
      near(mean, labels.reduce((sum, label) => sum + label, 0) / labels.length, 1e-7, 'mean probability');
      const scaled = columns.map((column) => column.map((x) => x * unit));
      const again = fitLogistic({ columns: scaled, labels }, ['a', 'b'], { lambda }).model;
      for (const [i, p] of predictLogistic(again, scaled).entries())
        near(p, predicted[i]!, 1e-7, 'probability');
    }),
    { numRuns: 200 },
  );
});
