import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '@aistock/hmm-ts';
import { meanDifference } from './mean-difference.ts';

const near = (actual: number, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test('by hand: four differences, no lag weighed but one', () => {
  // Mean 2.5, deviations -1.5 -0.5 0.5 1.5: g0 = 5 / 4, g1 = 1.25 / 4; lags = floor(4 (4/100)^(2/9)) = 1.
  const told = meanDifference(Float64Array.of(1, 2, 3, 4), 0)!;
  near(told.mean, 2.5);
  near(told.standardError, Math.sqrt((1.25 + 2 * 0.5 * 0.3125) / 4));
});

test('equal models differ by nothing, without an error', () => {
  assert.deepEqual(meanDifference(new Float64Array(100), 9), { mean: 0, standardError: 0, rows: 100 });
});

test('what cannot be computed is null', () => {
  assert.equal(meanDifference(Float64Array.of(1), 0), null);
  assert.equal(meanDifference(Float64Array.of(1, Number.NaN, 2), 0), null);
  assert.equal(meanDifference(Float64Array.of(1, -Infinity, 2), 0), null);
});

test('shifting moves the mean alone, scaling scales both', () => {
  const differences = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), {
    minLength: 2,
    maxLength: 60,
  });
  fc.assert(
    fc.property(differences, fc.double({ min: -5, max: 5, noNaN: true }), (values, shift) => {
      const own = meanDifference(Float64Array.from(values), 3)!;
      const moved = meanDifference(
        Float64Array.from(values, (value) => 2 * value + shift),
        3,
      )!;
      near(moved.mean, 2 * own.mean + shift, 1e-9);
      near(moved.standardError, 2 * own.standardError, 1e-6);
      assert.ok(own.standardError >= 0);
    }),
  );
});

test('the mean of dependent rows is known worse: of an AR(1) of 0.8 about three times', () => {
  const random = createRandom(5);
  const normal = () => Math.sqrt(-2 * Math.log(random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const values = new Float64Array(20_000);
  for (let row = 1; row < values.length; row++) values[row] = 0.8 * values[row - 1]! + 0.6 * normal();
  const { standardError } = meanDifference(values, 60)!;
  // Variance 1; the long-run variance is (1 + 0.8) / (1 - 0.8) = 9 of it.
  near(standardError * Math.sqrt(values.length), 3, 0.3);
});
