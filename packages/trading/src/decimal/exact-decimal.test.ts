import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decimal as Oracle } from 'decimal.js';
import fc from 'fast-check';
import { Decimal } from './exact-decimal.ts';

/** decimal.js with enough digits to be exact where this is, and to tell where a quotient is rounded. */
const Known = Oracle.clone({
  precision: 400,
  rounding: Oracle.ROUND_HALF_EVEN,
  toExpNeg: -500,
  toExpPos: 500,
});
type Known = Oracle;

const anyText = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.bigInt({ min: 0n, max: 10n ** 30n }),
    fc.integer({ min: 0, max: 24 }),
    fc.boolean(),
  )
  .map(([sign, digits, places, idle]) => {
    const text = digits.toString().padStart(places + 1, '0');
    const whole = text.slice(0, text.length - places);
    const fraction = text.slice(text.length - places) + (idle ? '00' : '');
    return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`;
  });
const plain = (value: Known): string => (value.isZero() ? '0' : value.toFixed());

test('sums, differences, products and remainders are those of decimal.js, to the last digit', () => {
  fc.assert(
    fc.property(anyText, anyText, (left, right) => {
      const [a, b] = [new Decimal(left), new Decimal(right)];
      const [x, y] = [new Known(left), new Known(right)];
      assert.equal(a.plus(b).toFixed(), plain(x.plus(y)));
      assert.equal(a.minus(right).toFixed(), plain(x.minus(y)));
      assert.equal(a.times(b).toFixed(), plain(x.times(y)));
      assert.equal(a.abs().toFixed(), plain(x.abs()));
      assert.equal(a.negated().toFixed(), plain(x.negated()));
      assert.equal(a.cmp(b), x.cmp(y));
      assert.deepEqual(
        [a.lt(b), a.lte(b), a.gt(b), a.gte(b), a.eq(b)],
        [x.lt(y), x.lte(y), x.gt(y), x.gte(y), x.eq(y)],
      );
      assert.equal(Decimal.max(left, b).toFixed(), plain(Known.max(x, y)));
      assert.equal(Decimal.min(a, right).toFixed(), plain(Known.min(x, y)));
      assert.equal(Decimal.sum(a, right, b).toFixed(), plain(Known.sum(x, y, y)));
      if (y.isZero()) {
        for (const divide of [() => a.div(b), () => a.divToInt(b), () => a.mod(b)])
          assert.throws(divide, RangeError);
        return;
      }
      assert.equal(a.divToInt(b).toFixed(), plain(x.divToInt(y)));
      assert.equal(a.mod(b).toFixed(), plain(x.mod(y)));
      assert.equal(a.div(b).toFixed(), plain(x.div(y).toDecimalPlaces(60)));
    }),
    { numRuns: 1_000 },
  );
});

test('rounding is that of decimal.js, whichever way and however many digits are kept', () => {
  const ways = ['ROUND_UP', 'ROUND_DOWN', 'ROUND_HALF_EVEN'] as const;
  const halves = fc
    .tuple(fc.integer({ min: -1_000, max: 1_000 }), fc.integer({ min: 0, max: 3 }))
    .map(([units, places]) =>
      new Known(units)
        .times(5)
        .div(10 ** (places + 1))
        .toFixed(),
    );
  fc.assert(
    fc.property(
      fc.oneof(anyText, halves),
      fc.integer({ min: 0, max: 26 }),
      fc.constantFrom(...ways),
      (text, places, way) => {
        const [value, known] = [new Decimal(text), new Known(text)];
        assert.equal(
          value.toDecimalPlaces(places, Decimal[way]).toFixed(),
          plain(known.toDecimalPlaces(places, Known[way])),
        );
        const fixed = known.toFixed(places);
        assert.equal(value.toFixed(places), /[1-9]/.test(fixed) ? fixed : fixed.replace('-', ''));
        assert.equal(value.decimalPlaces(), known.decimalPlaces());
      },
    ),
    { numRuns: 1_000 },
  );
});

test('a float64 becomes the number that it is printed as, and a number the nearest float64', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), anyText, (float, text) => {
      assert.equal(new Decimal(float).toFixed(), plain(new Known(float)));
      assert.ok(Object.is(new Decimal(float).toNumber(), float === 0 ? 0 : float));
      assert.ok(Object.is(new Decimal(text).toNumber(), Number(text) === 0 ? 0 : Number(text)));
    }),
    { numRuns: 1_000 },
  );
});

test('text is read in every usual spelling, and anything else is refused', () => {
  const spellings = [
    ['+1.50', '1.5'],
    ['.5', '0.5'],
    ['-.5', '-0.5'],
    ['5.', '5'],
    ['1e-7', '0.0000001'],
    ['1.25E+3', '1250'],
    ['-0', '0'],
    ['007', '7'],
  ] as const;
  for (const [text, expected] of spellings) assert.equal(new Decimal(text).toFixed(), expected);
  const refused = [
    '',
    '.',
    '-',
    'abc',
    '1.2.3',
    '--1',
    '1-',
    '0x10',
    '1_000',
    ' 1',
    '1e',
    'NaN',
    'Infinity',
    '1.-2',
    NaN,
    Infinity,
  ];
  for (const text of refused) assert.throws(() => new Decimal(text), RangeError, String(text));
});

test('of no numbers the sum is zero, and there is no largest', () => {
  assert.equal(Decimal.sum().toFixed(), '0');
  assert.throws(() => Decimal.max(), RangeError);
  assert.throws(() => Decimal.min(), RangeError);
});

test('zero is not negative, however it came about', () => {
  for (const zero of [new Decimal('-0'), new Decimal(1).minus(1), new Decimal('-0.001').toDecimalPlaces(2)]) {
    assert.deepEqual(
      [zero.isZero(), zero.isNegative(), zero.toFixed(), zero.toFixed(2)],
      [true, false, '0', '0.00'],
    );
    assert.ok(Object.is(zero.toNumber(), 0));
  }
});
