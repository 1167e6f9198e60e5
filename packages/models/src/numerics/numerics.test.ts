import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { factor, inverse, solve } from './cholesky.ts';
import { digamma, logGamma } from './log-gamma.ts';
import { minimise } from './minimise.ts';

const near = (actual: number, expected: number, by: number) =>
  assert.ok(
    Math.abs(actual - expected) <= by * Math.max(1, Math.abs(expected)),
    `${actual}, not ${expected}`,
  );

test('a factored matrix is solved and inverted; one without full rank is not factored', () => {
  const entry = fc.double({ min: -3, max: 3, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.array(entry, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 }),
      (a) => {
        const matrix = a.map((row, i) =>
          Float64Array.from(
            a,
            (other, j) => row.reduce((sum, x, k) => sum + x * other[k]!, 0) + Number(i === j),
          ),
        );
        const lower = factor(matrix)!;
        const x = solve(lower, Float64Array.of(1, -2, 3));
        for (const [i, right] of [1, -2, 3].entries())
          near(
            matrix[i]!.reduce((sum, each, k) => sum + each * x[k]!, 0),
            right,
            1e-10,
          );
        near(inverse(lower)[0]![1]!, inverse(lower)[1]![0]!, 1e-12);
      },
    ),
  );
  assert.equal(factor([Float64Array.of(1, 2), Float64Array.of(2, 4)]), undefined);
  assert.equal(factor([Float64Array.of(NaN)]), undefined);
});

test('the gamma function at half numbers, and its derivative at one', () => {
  near(logGamma(0.5), Math.log(Math.PI) / 2, 1e-14);
  near(logGamma(1), 0, 1e-14);
  near(logGamma(11), Math.log(3_628_800), 1e-14);
  near(digamma(1), -0.577_215_664_901_532_9, 1e-14);
  near(digamma(0.5), -0.577_215_664_901_532_9 - 2 * Math.LN2, 1e-14);
  for (const x of [0.3, 2.2, 7, 40]) near(digamma(x), (logGamma(x + 1e-5) - logGamma(x - 1e-5)) / 2e-5, 1e-8);
});

/** Rosenbrock's valley (1960), least at (1, 1). */
const valley = (point: Float64Array, gradient: Float64Array): number => {
  const [x, y] = [point[0]!, point[1]!];
  gradient[0] = -400 * x * (y - x * x) - 2 * (1 - x);
  gradient[1] = 200 * (y - x * x);
  return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
};

test('the valley is followed to its end, or to where a bound cuts it', () => {
  const free = minimise(valley, Float64Array.of(-1.2, 1), { lower: [-5, -5], upper: [5, 5] }, 1e-10);
  assert.ok(free.converged && free.iterations < 100);
  near(free.point[0]!, 1, 1e-9);
  near(free.point[1]!, 1, 1e-9);
  const cut = minimise(valley, Float64Array.of(-1.2, 1), { lower: [-5, -5], upper: [0.5, 5] }, 1e-10);
  assert.ok(cut.converged);
  assert.equal(cut.point[0], 0.5);
  near(cut.point[1]!, 0.25, 1e-9);
});

/** No slope near its least value is small. */
const kink = (point: Float64Array, gradient: Float64Array) => {
  gradient[0] = Math.sign(point[0]!) || 1;
  return Math.abs(point[0]!);
};

test('where there is no end in reach the search says that it did not find one', () => {
  const { converged, iterations } = minimise(kink, Float64Array.of(0.7), { lower: [-9], upper: [9] }, 1e-6);
  assert.ok(!converged && iterations <= 300);
});
