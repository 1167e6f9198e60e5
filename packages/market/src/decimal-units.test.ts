import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromUnits, toUnits } from './decimal.ts';

test('a decimal keeps its value exactly and loses only zeros that say nothing', () => {
  const cases: [string, string][] = [
    ['1469.250000', '1469.25'],
    ['0.000000000001', '0.000000000001'],
    ['99999999999999999999999999.999999999999', '99999999999999999999999999.999999999999'],
    ['0.0', '0'],
    ['-12.50', '-12.5'],
    ['100', '100'],
  ];
  for (const [text, normal] of cases) assert.equal(fromUnits(toUnits(text)), normal);
});

test('every number of units comes back from its text', () => {
  const max = 10n ** 38n - 1n;
  fc.assert(fc.property(fc.bigInt({ min: -max, max }), (units) => toUnits(fromUnits(units)) === units));
});

test('a text that would have to be rounded or is no decimal is refused', () => {
  for (const text of ['0.0000000000001', '1e5', '', 'NaN', '1.', '.5', ' 1', '9'.repeat(27)])
    assert.throws(() => toUnits(text), RangeError, text);
});
