import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeBars } from './merge-bars.ts';
import type { StreamBar } from './session-run.ts';

async function* source(stream: string, closes: readonly number[]): AsyncGenerator<StreamBar, void> {
  const prices = { open: '1', high: '1', low: '1', close: '1', volume: '0' };
  for (const closeMs of closes) yield { stream, closeMs, bar: { openMs: closeMs - 1, ...prices } };
}

test('bars come by close time, and of one time in the order of their streams', async () => {
  const merged = [];
  for await (const { atMs, bars } of mergeBars([
    source('a', [2, 4, 5]),
    source('b', [1, 4]),
    source('c', []),
  ]))
    merged.push([atMs, bars.map(({ stream }) => stream)]);
  assert.deepEqual(merged, [
    [1, ['b']],
    [2, ['a']],
    [4, ['a', 'b']],
    [5, ['a']],
  ]);
});

test('without sources there is nothing', async () => {
  for await (const closing of mergeBars([])) assert.fail(JSON.stringify(closing));
});
