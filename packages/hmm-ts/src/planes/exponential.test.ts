import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exponentials } from './exponential.ts';

const SPREAD = 4_001;

/** exp(exponents − 7), as the loops over blocks compute it. */
function shifted(exponents: readonly number[], top: number): Float64Array | undefined {
  const steps = exponents.length;
  const numbers = Float64Array.of(...exponents.map((exponent) => exponent + 7), ...exponents.map(() => 7));
  const to = { numbers: new Float64Array(steps), at: 0 };
  return exponentials({ numbers, at: 0, shift: steps }, to, steps, top) ? to.numbers : undefined;
}

test('exponentials are right to the last digit but one', () => {
  // Multiples of 2^-10, which the shift leaves exact.
  const exponents = Array.from({ length: SPREAD }, (_, index) => 60 - Math.round(index * 168.9) / 1_024);
  const found = shifted(exponents, 60)!;
  for (const [index, exponent] of exponents.entries())
    assert.ok(
      Math.abs(found[index]! / Math.exp(exponent) - 1) < 5e-16,
      `exp(${exponent}) is ${found[index]}`,
    );
});

test('what is far below counts as -600, what is above the top or no number is refused', () => {
  assert.deepEqual(shifted([-601, -1e9, -Infinity], 0), shifted([-600, -600, -600], 0));
  assert.equal(shifted([0, 20.5, 0], 20), undefined);
  assert.equal(shifted([Number.NaN], 20), undefined);
});
