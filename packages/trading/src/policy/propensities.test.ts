import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { normalCdf } from './normal.ts';
import { epsilonGreedyPropensities, thompsonPropensities, withFloor } from './propensities.ts';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const belief = fc.record({
  mean: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
  sd: fc.double({ min: 0.02, max: 0.1, noNaN: true }),
});
const means = (...values: number[]) => values.map((mean) => ({ mean, sd: 1 }));
const beliefs = fc.array(belief, { minLength: 2, maxLength: 6 });

test('of two arms the propensity is the probability that one normal draw exceeds the other', () => {
  fc.assert(
    fc.property(belief, belief, (one, other) => {
      const [propensity = 0] = thompsonPropensities([one, other]);
      const exact = normalCdf((one.mean - other.mean) / Math.hypot(one.sd, other.sd));
      assert.ok(Math.abs(propensity - exact) < 2e-3, `${propensity} is not ${exact}`);
    }),
  );
});

test('propensities are probabilities, whatever the beliefs; equal beliefs have equal ones', () => {
  fc.assert(
    fc.property(beliefs, (all) => {
      for (const values of [thompsonPropensities(all), epsilonGreedyPropensities(all, 0.1)]) {
        assert.ok(values.every((value) => value >= 0 && value <= 1));
        assert.ok(Math.abs(sum(values) - 1) < 1e-12);
      }
    }),
  );
  for (const value of thompsonPropensities(Array.from({ length: 5 }, () => ({ mean: 0.01, sd: 0.05 }))))
    assert.ok(Math.abs(value - 0.2) < 1e-12);
});

test('a better mean never makes an arm less likely', () => {
  fc.assert(
    fc.property(beliefs, ([first = { mean: 0, sd: 1 }, ...rest]) => {
      const better = { ...first, mean: first.mean + 0.05 };
      assert.ok(
        thompsonPropensities([better, ...rest])[0]! >= thompsonPropensities([first, ...rest])[0]! - 1e-3,
      );
    }),
  );
});

test('epsilon-greedy leaves epsilon to chance; equally good arms share the rest', () => {
  assert.deepEqual(
    epsilonGreedyPropensities(means(0, 2, 1), 0.3).map((value) => value.toFixed(2)),
    ['0.10', '0.80', '0.10'],
  );
  assert.deepEqual(epsilonGreedyPropensities(means(2, 2), 0.1), [0.5, 0.5]);
});

test('the floor lifts the least likely and keeps the sum', () => {
  const lifted = withFloor([1, 0, 0], 0.02);
  assert.ok(Math.abs(sum(lifted) - 1) < 1e-15);
  assert.equal(lifted[1], 0.02);
  assert.throws(() => withFloor([0.5, 0.5], 0.5), RangeError);
});
