import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson, sha256Hex } from './canonical-json.ts';

test('keys come in one order whatever order they were set in', () => {
  assert.equal(canonicalJson({ b: 1, a: { d: [1, 'x'], c: null } }), '{"a":{"c":null,"d":[1,"x"]},"b":1}');
  assert.equal(canonicalJson({ a: 1, b: 2 }), canonicalJson({ b: 2, a: 1 }));
});

test('what JSON cannot say is refused instead of dropped', () => {
  for (const value of [
    undefined,
    Number.NaN,
    Infinity,
    1n,
    () => 1,
    { a: undefined },
    [undefined],
    new Date(0),
  ]) {
    assert.throws(() => canonicalJson(value), TypeError);
  }
});

test('the hash is SHA-256 of the UTF-8 bytes', () => {
  assert.equal(sha256Hex(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.equal(sha256Hex('é'), sha256Hex(new Uint8Array([0xc3, 0xa9])));
});
