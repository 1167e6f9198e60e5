import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanTest } from './index.ts';

/** Two-sided p-values of R's pt. */
const KNOWN = [
  { values: [1, 2], t: 3, pValue: 0.2048327646991335 },
  { values: [1, 2, 3], t: Math.sqrt(12), pValue: 0.0741799002274487 },
  { values: [1, 2, 3, 4], t: Math.sqrt(15), pValue: 0.030466291662170977 },
  { values: [-1, 1], t: 0, pValue: 1 },
];

for (const { values, t, pValue } of KNOWN)
  test(`the mean of ${values.join(', ')} is zero with p ${pValue.toFixed(3)}`, () => {
    const found = meanTest(Float64Array.from(values))!;
    assert.ok(Math.abs(found.t - t) < 1e-12);
    assert.ok(Math.abs(found.pValue - pValue) < 1e-12, String(found.pValue));
    assert.equal(found.degreesOfFreedom, values.length - 1);
  });

test('with many values it is the test of a normal variable', () => {
  const count = 20_001;
  const values = Float64Array.from({ length: count }, (_, index) => (index % 2 ? 1 : -1));
  const shift = 1.959963984540054 / Math.sqrt(count);
  const { pValue } = meanTest(values.map((value) => value + shift))!;
  assert.ok(Math.abs(pValue - 0.05) < 0.001, String(pValue));
});

test('what does not differ cannot be tested', () => {
  assert.equal(meanTest(Float64Array.of(1)), null);
  assert.equal(meanTest(Float64Array.of(0.1, 0.1, 0.1)), null);
});
