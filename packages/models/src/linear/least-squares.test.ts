import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fitLeastSquares, predictLinear } from './index.ts';

/** Anscombe's first set (1973), with the figures that he gives for all four. */
const X = Float64Array.of(10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5);
const Y = Float64Array.of(8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68);

test("Anscombe's published figures hold without a ridge", () => {
  const { model, rSquared, residualDeviation } = fitLeastSquares({ columns: [X], labels: Y }, ['x'], {
    lambda: 0,
  });
  assert.equal(model.intercept.toFixed(4), '3.0001');
  assert.equal(model.coefficients[0]!.toFixed(4), '0.5001');
  assert.equal(model.interceptError.toFixed(4), '1.1247');
  assert.equal(model.standardErrors[0]!.toFixed(4), '0.1179');
  assert.equal(rSquared.toFixed(4), '0.6665');
  assert.equal(residualDeviation.toFixed(3), '1.237');
});

test('a ridge of lambda shrinks one standardised feature by n / (n + lambda)', () => {
  const slope = (lambda: number) => fitLeastSquares({ columns: [X], labels: Y }, ['x'], { lambda }).model;
  assert.ok(Math.abs(slope(11).coefficients[0]! / slope(0).coefficients[0]! - 0.5) < 1e-12);
  const mean = predictLinear(slope(1e12), [Float64Array.of(9)])[0]!;
  assert.ok(
    Math.abs(mean - Y.reduce((sum, y) => sum + y, 0) / Y.length) < 1e-9,
    'the intercept is not shrunk',
  );
});

test('a plane is found again', () => {
  const value = fc.double({ min: -50, max: 50, noNaN: true });
  fc.assert(
    fc.property(fc.tuple(value, value, value), fc.integer({ min: 1, max: 1e6 }), ([a, b, c], seed) => {
      fc.pre(Math.abs(b) + Math.abs(c) > 1e-3);
      const columns = [17, 31].map((by) =>
        Float64Array.from({ length: 40 }, (_, i) => ((seed + i) * by) % 97),
      );
      const labels = columns[0]!.map((x, i) => a + b * x + c * columns[1]![i]!);
      const { model } = fitLeastSquares({ columns, labels }, ['x', 'z'], { lambda: 0 });
      const found = [model.intercept, ...model.coefficients];
      for (const [i, expected] of [a, b, c].entries()) assert.ok(Math.abs(found[i]! - expected) < 1e-8);
    }),
  );
});

test('what cannot be fitted is refused by name', () => {
  const twice = { columns: [X, X.map((x) => 3 * x)], labels: Y };
  assert.throws(() => fitLeastSquares(twice, ['a', 'b'], { lambda: 0 }), { code: 'degenerate' });
  assert.throws(() => fitLeastSquares({ columns: [X], labels: Y.with(1, NaN) }, ['x']), {
    code: 'not_finite',
  });
  assert.throws(() => fitLeastSquares({ columns: [X], labels: X.map(() => 0.1) }, ['x']), {
    code: 'degenerate',
  });
  assert.throws(() => fitLeastSquares({ columns: [X.with(0, Infinity)], labels: Y }, ['x']), {
    code: 'not_finite',
  });
});
