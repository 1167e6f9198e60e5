import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decimal, decimalOf } from './decimal.ts';

test('a text is the same number however many others were read in between', () => {
  const text = '12345678901234567890.123456789012';
  for (let index = 0; index < 2_000; index++) {
    assert.ok(decimalOf(text).eq(text));
    assert.ok(decimalOf(`${index}.5`).eq(new Decimal(index).plus(0.5)));
  }
  assert.throws(() => decimalOf('none'), /Invalid argument/);
});
