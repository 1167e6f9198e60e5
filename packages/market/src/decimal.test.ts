import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareDecimal, isNormalDecimal, normaliseDecimal } from './decimal.ts';

/** Any number that fits: an integer of 12 decimals. */
const decimal = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 38n - 1n }), fc.boolean())
  .map(([scaled, negative]) => {
    const digits = scaled.toString().padStart(13, '0');
    return normaliseDecimal(`${negative ? '-' : ''}${digits.slice(0, -12)}.${digits.slice(-12)}`);
  });

test('a number has one spelling, of the same value', () => {
  const spellings: [string, string][] = [
    ['1469.250000', '1469.25'],
    ['16', '16'],
    ['16.', '16'],
    ['.5', '0.5'],
    ['+007.10', '7.1'],
    ['0.000', '0'],
    ['-0.0', '0'],
    ['-12.50', '-12.5'],
    ['1e-7', '0.0000001'],
    ['4.2E-07', '0.00000042'],
    ['1.5e+3', '1500'],
    ['123.456e1', '1234.56'],
    ['1000000000000000000000', '1000000000000000000000'],
    ['2001915908.6333666', '2001915908.6333666'],
  ];
  for (const [text, normal] of spellings) assert.equal(normaliseDecimal(text), normal, text);
});

test('what is not a number, or has too many digits, is refused and never rounded', () => {
  for (const text of [
    '',
    '.',
    '-',
    'abc',
    'NaN',
    'Infinity',
    '1,5',
    '1 2',
    '0x10',
    '1e',
    '--1',
    '1.2.3',
    '١',
  ]) {
    assert.throws(() => normaliseDecimal(text), /must be a decimal number/, text);
  }
  assert.throws(() => normaliseDecimal('0.1234567890123'), /at most 12 decimals/);
  assert.throws(() => normaliseDecimal('1e-13'), /at most 12 decimals/);
  assert.throws(() => normaliseDecimal('1e26'), /at most 26 digits/);
  assert.throws(() => normaliseDecimal('1e999'), /at most 26 digits/);
});

test('the normal spelling is its own', () => {
  fc.assert(
    fc.property(decimal, (text) => {
      assert.equal(normaliseDecimal(text), text);
      assert.equal(normaliseDecimal(`${text}${text.includes('.') ? '' : '.'}000`), text);
      assert.ok(isNormalDecimal(text));
    }),
  );
  for (const text of ['1.0', '01', '-0', '1e3', '', 'NaN']) assert.equal(isNormalDecimal(text), false, text);
});

const scaled = (text: string): bigint => {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const size = BigInt(whole + fraction.padEnd(12, '0'));
  return text.startsWith('-') ? -size : size;
};

test('order is exact where float64 sees no difference', () => {
  assert.ok(compareDecimal('12345678901234567.01', '12345678901234567.02') < 0);
  assert.ok(compareDecimal('-12345678901234567.01', '-12345678901234567.02') > 0);
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      const difference = scaled(a) - scaled(b);
      assert.equal(Math.sign(compareDecimal(a, b)), difference === 0n ? 0 : difference > 0n ? 1 : -1);
    }),
  );
});

test('the noise that float64 leaves behind its 15th digit is taken away', () => {
  assert.equal(normaliseDecimal('0.00005330000000000001'), '0.0000533');
  assert.equal(normaliseDecimal('-0.30000000000000004'), '-0.3');
  assert.equal(normaliseDecimal('5.330000000000001e-5'), '0.0000533');
});
