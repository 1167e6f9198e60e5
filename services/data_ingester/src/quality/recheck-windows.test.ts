import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TIMEFRAME_MS } from '@aistock/market';
import { recheckWindows } from './recheck-windows.ts';

const DAY_MS = TIMEFRAME_MS['1d'];
const NOW_MS = Date.UTC(2024, 5, 3, 4, 5);

test('windows follow one another without a hole, over exactly the days', () => {
  for (const [days, timeframe, count] of [
    [3, '1m', 5],
    [1, '5m', 1],
    [31, '1d', 1],
  ] as const) {
    const windows = recheckWindows(NOW_MS, days, timeframe);
    assert.equal(windows.length, count);
    assert.equal(windows[0]?.from_ms, NOW_MS - days * DAY_MS);
    assert.equal(windows.at(-1)?.to_ms, NOW_MS);
    for (const [index, { to_ms: toMs }] of windows.slice(0, -1).entries())
      assert.equal(windows[index + 1]?.from_ms, toMs);
  }
});

test('nothing is asked for from before 1970', () => {
  assert.deepEqual(recheckWindows(DAY_MS, 31, '1d'), [{ from_ms: 0, to_ms: DAY_MS }]);
});
