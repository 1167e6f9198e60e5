import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredBar } from './part.ts';
import { RowCache } from './row-cache.ts';

const bar: StoredBar = {
  openMs: 0,
  open: '1',
  high: '1',
  low: '1',
  close: '1',
  volume: '1',
  source: 'test',
  knownMs: 0,
  revision: 0,
};

/** A cache that notes what it had to load. */
function cacheOf(rowsMax: number, answersMax: number) {
  const cache = new RowCache({ rowsMax, answersMax });
  const loaded: string[] = [];
  const ask = (name: string, rows: number) =>
    cache.get(name, async () => {
      loaded.push(name);
      return Array.from({ length: rows }, () => bar);
    });
  return { ask, loaded, cache };
}

test('what was asked for least recently goes once there are too many rows', async () => {
  const { ask, loaded } = cacheOf(10, 100);
  for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await ask(name, 4);
  assert.deepEqual(loaded, ['a', 'b', 'c', 'b']);
});

test('answers without rows are held in a bounded number too', async () => {
  const { ask, loaded } = cacheOf(10, 2);
  for (const name of ['a', 'b', 'c', 'c', 'b', 'a']) await ask(name, 0);
  assert.deepEqual(loaded, ['a', 'b', 'c', 'a']);
});

test('many who ask at the same time share one load, and a failed one is not kept', async () => {
  const { ask, loaded, cache } = cacheOf(10, 100);
  await Promise.all([ask('a', 1), ask('a', 1), ask('a', 1)]);
  assert.deepEqual(loaded, ['a']);
  await assert.rejects(
    cache.get('b', () => Promise.reject(new Error('gone'))),
    /gone/,
  );
  assert.equal((await ask('b', 1)).length, 1);
});
