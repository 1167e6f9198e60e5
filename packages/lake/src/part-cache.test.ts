import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '@aistock/market';
import { PartCache, type LoadParts } from './part-cache.ts';

const BAR: Bar = { openMs: 1, open: '1', high: '1', low: '1', close: '1', volume: '1' };

const gone: LoadParts = () => Promise.reject(new Error('gone'));

/** Gives ten bars a part, and notes what was asked of it. */
function store(): { load: LoadParts; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    load: (hashes) => {
      asked.push(hashes.join(''));
      return Promise.resolve(
        hashes.map((sha256) => Array.from({ length: 10 }, () => ({ ...BAR, volume: sha256 }))),
      );
    },
  };
}

test('what is not held is loaded in one go, and the parts come in the order asked for', async () => {
  const cache = new PartCache(100);
  const { load, asked } = store();
  await cache.get(['b'], load);
  const parts = await cache.get(['a', 'b', 'c'], load);
  assert.deepEqual(asked, ['b', 'ac']);
  assert.deepEqual(
    parts.map((bars) => bars[0]?.volume),
    ['a', 'b', 'c'],
  );
});

test('a part is loaded once where many ask at the same time', async () => {
  const cache = new PartCache(100);
  const { load, asked } = store();
  await Promise.all([cache.get(['a', 'b'], load), cache.get(['b', 'c'], load)]);
  assert.deepEqual(asked, ['ab', 'c']);
});

test('the least recently used part goes when more bars are held than allowed', async () => {
  const cache = new PartCache(20);
  const { load, asked } = store();
  for (const sha256 of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.get([sha256], load);
  assert.deepEqual(asked, ['a', 'b', 'c', 'b']);
});

test('more parts than the cache holds are all given', async () => {
  const cache = new PartCache(5);
  const { load, asked } = store();
  assert.equal((await cache.get(['a', 'b', 'c'], load)).flat().length, 30);
  await cache.get(['a'], load);
  assert.deepEqual(asked, ['abc', 'a']);
});

test('a failed load is told to all who wait for it, and tried again', async () => {
  const cache = new PartCache(100);
  const { load } = store();
  const waiting = [cache.get(['a'], gone), cache.get(['a', 'b'], load)];
  for (const each of await Promise.allSettled(waiting)) assert.equal(each.status, 'rejected');
  assert.equal((await cache.get(['a', 'b'], load)).flat().length, 20);
});
