import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExactJson } from './exact-json.ts';

test('numbers keep every digit, at any depth, and nothing else changes', () => {
  assert.deepEqual(
    parseExactJson('{"o":174.10,"v":12345678901234567.12345678,"n":-1e-7,"t":"1","x":[null,true,0.30]}'),
    { o: '174.10', v: '12345678901234567.12345678', n: '-1e-7', t: '1', x: [null, true, '0.30'] },
  );
});
