import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { partPath } from './part-path.ts';

const ID = 'a'.repeat(64);

test('a part lies in a folder that says what it holds', () => {
  assert.equal(
    partPath({ stream: 'binance:BTC/USDT:USDT:1m', year: 2024 }, ID),
    `curated/source=binance/instrument=BTC-USDT_USDT/timeframe=1m/year=2024/${ID}.parquet`,
  );
});

test('no two streams share a folder, and none leaves its own', () => {
  const stream = fc
    .tuple(
      fc.stringMatching(/^[a-z][a-z0-9_]{0,31}$/),
      fc.stringMatching(/^[A-Z0-9][A-Z0-9./:]{0,61}$/),
      fc.constantFrom('1m', '1h', '1d'),
    )
    .map((parts) => parts.join(':'));
  fc.assert(
    fc.property(stream, stream, (a, b) => {
      const [one, other] = [a, b].map((each) => partPath({ stream: each, year: 2024 }, ID));
      assert.equal(one === other, a === b);
      assert.equal(one!.split('/').length, 6);
      assert.ok(!one!.split('/').includes('..'));
    }),
  );
});

test('nothing but a stream, a year and a hash becomes a path', () => {
  for (const stream of ['csv:../../etc:1d', 'csv:A-B:1d', 'CSV:A:1d', 'csv:A:1d\n', 'csv:A:7m', ''])
    assert.throws(() => partPath({ stream, year: 2024 }, ID), TypeError, stream);
  for (const year of [Number.NaN, 24, 2024.5, -2024, 20_240])
    assert.throws(() => partPath({ stream: 'csv:A:1d', year }, ID), TypeError);
  for (const id of ['', '../x', 'A'.repeat(64), `${ID}\n`])
    assert.throws(() => partPath({ stream: 'csv:A:1d', year: 2024 }, id), TypeError);
});
