import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '@aistock/market';
import { PartCache } from './part-cache.ts';

const BAR: Bar = { openMs: 1, open: '1', high: '1', low: '1', close: '1', volume: '1' };

function counted(bars: number): { load: () => Promise<Bar[]>; loads: () => number } {
  let loads = 0;
  return {
    load: () => {
      loads++;
      return Promise.resolve(Array.from({ length: bars }, () => BAR));
    },
    loads: () => loads,
  };
}

test('a part is loaded once, also where many ask at the same time', async () => {
  const cache = new PartCache(100);
  const part = counted(10);
  await Promise.all([cache.get('a', part.load), cache.get('a', part.load)]);
  await cache.get('a', part.load);
  assert.equal(part.loads(), 1);
});

test('the least recently used part goes when more bars are held than allowed', async () => {
  const cache = new PartCache(20);
  const [a, b, c] = [counted(10), counted(10), counted(10)];
  await cache.get('a', a.load);
  await cache.get('b', b.load);
  await cache.get('a', a.load);
  await cache.get('c', c.load);
  await cache.get('a', a.load);
  await cache.get('b', b.load);
  assert.deepEqual([a.loads(), b.loads(), c.loads()], [1, 2, 1]);
});

test('a part larger than the cache is given and not kept', async () => {
  const cache = new PartCache(5);
  const part = counted(10);
  assert.equal((await cache.get('a', part.load)).length, 10);
  await cache.get('a', part.load);
  assert.equal(part.loads(), 2);
});

test('a failed load is tried again', async () => {
  const cache = new PartCache(5);
  await assert.rejects(
    cache.get('a', () => Promise.reject(new Error('gone'))),
    /gone/,
  );
  assert.equal((await cache.get('a', counted(1).load)).length, 1);
});
