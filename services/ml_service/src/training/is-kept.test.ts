import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isKept } from './is-kept.ts';

const STREAM = 'binance:BTC/USDT:1m';

test('a pattern is a stream, or a text with * for any other', () => {
  for (const pattern of [
    '*',
    'binance:*',
    '*:1m',
    '*BTC*',
    'b*:*:1m',
    STREAM,
    `${STREAM}*`,
    '*BTC/USDT*1m',
    '**',
  ])
    assert.ok(isKept([pattern], STREAM), pattern);
  for (const pattern of ['', 'binance', 'BTC*', '*:1h', 'b*:BTC*:1m:1m', '*1m*1m', 'binance:BTC/USDT:1mm'])
    assert.ok(!isKept([pattern], STREAM), pattern);
  assert.ok(!isKept([], STREAM));
  assert.ok(isKept(['kraken:*', '*:1m'], STREAM));
});

test('it agrees with a regular expression', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
  fc.assert(
    fc.property(letters, text, (pattern, stream) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
      assert.equal(isKept([pattern], stream), expression.test(stream), `${pattern} on ${stream}`);
    }),
    { numRuns: 2_000 },
  );
});
