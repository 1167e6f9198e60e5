import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInt8 } from './type-parsers.ts';

test('a bigint is a number as long as that is exact', () => {
  assert.equal(parseInt8('9007199254740991'), Number.MAX_SAFE_INTEGER);
  assert.equal(parseInt8('-5'), -5);
  assert.throws(() => parseInt8('9007199254740993'), RangeError);
});
