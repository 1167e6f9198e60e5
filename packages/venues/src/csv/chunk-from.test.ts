import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '@aistock/market';
import fc from 'fast-check';
import { chunkFrom } from './chunk-from.ts';

const row = (openMs: number): Bar => ({ openMs, open: '1', high: '1', low: '1', close: '1', volume: '0' });
const opens = (bars: readonly Bar[]): number[] => bars.map((bar) => bar.openMs);

test('a chunk starts at since and has limit rows', () => {
  const rows = [1, 2, 3, 4, 5].map(row);
  assert.deepEqual(opens(chunkFrom(rows, { sinceMs: undefined, limit: 2 }).bars), [1, 2]);
  assert.deepEqual(opens(chunkFrom(rows, { sinceMs: 3, limit: 2 }).bars), [3, 4]);
  assert.equal(chunkFrom(rows, { sinceMs: 3, limit: 2 }).more, true);
  assert.equal(chunkFrom(rows, { sinceMs: 4, limit: 2 }).more, false);
  assert.deepEqual(chunkFrom(rows, { sinceMs: 6, limit: 2 }), { bars: [], more: false });
});

test('rows that are behind come with the rows that they are behind of', () => {
  const rows = [1, 2, 5, 3, 5, 4, 6].map(row);
  assert.deepEqual(opens(chunkFrom(rows, { sinceMs: undefined, limit: 3 }).bars), [1, 2, 5, 3, 5, 4]);
  assert.deepEqual(opens(chunkFrom(rows, { sinceMs: 6, limit: 3 }).bars), [6]);
});

test('chunk after chunk, each since the newest bar so far, gives every row of any file once', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), fc.integer({ min: 1, max: 5 }), (times, limit) => {
      const rows = times.map(row);
      const taken: Bar[] = [];
      let sinceMs: number | undefined;
      for (let more = true; more;) {
        const chunk = chunkFrom(rows, { sinceMs, limit });
        taken.push(...chunk.bars);
        more = chunk.more;
        sinceMs = Math.max(...opens(taken)) + 1;
      }
      assert.deepEqual(taken, rows);
    }),
  );
});
