import { toUnits } from '@aistock/market';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { floatsInto } from './float-values.ts';

function float(scaled: bigint, decimals: number): number {
  const words = Uint32Array.from({ length: 4 }, (_, i) => Number((scaled >> BigInt(32 * i)) & 0xffffffffn));
  const into = new Float64Array(1);
  floatsInto(into, words, decimals);
  return into[0]!;
}
const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${max}}$`));

test('float64 of a stored value is what its text reads as, bit for bit', () => {
  fc.assert(
    fc.property(fc.constantFrom('', '-'), digits(26), digits(12), (sign, whole, fraction) => {
      const text = `${sign}${whole}.${fraction}`;
      // A zero has no sign in a decimal.
      const wanted = Number(text) === 0 ? 0 : Number(text);
      for (let decimals = fraction.length; decimals <= 12; decimals++)
        assert.ok(Object.is(float(toUnits(text), decimals), wanted), `${text} of ${decimals}`);
    }),
    { numRuns: 5_000 },
  );
});

test('so it is around the largest whole numbers that float64 holds', () => {
  for (const bits of [31n, 32n, 48n, 49n, 50n, 51n, 52n, 53n, 54n, 60n, 63n, 64n, 80n])
    for (let offset = -300n; offset <= 300n; offset++)
      for (const decimals of [0, 1, 5, 8, 12]) {
        const scaled = ((1n << bits) + offset) * 10n ** BigInt(12 - decimals);
        const text = `${(1n << bits) + offset}e-${decimals}`;
        assert.ok(Object.is(float(scaled, decimals), Number(text)), text);
      }
});
