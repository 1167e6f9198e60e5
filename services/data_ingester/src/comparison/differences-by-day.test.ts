import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BarDifference } from '@aistock/market';
import { differencesByDay } from './differences-by-day.ts';

const DAY_MS = 86_400_000;
const price = (openMs: number, bps: number): BarDifference => ({
  kind: 'price',
  openMs,
  field: 'close',
  bps,
  ours: '1',
  theirs: '2',
});
const missing = (openMs: number): BarDifference => ({
  kind: 'missing_here',
  openMs,
  field: null,
  bps: null,
  ours: null,
  theirs: null,
});

test('each day and kind is counted with its worst bar', () => {
  const days = differencesByDay([
    price(1, 20),
    missing(2),
    price(3, 500),
    price(4, 500),
    missing(5),
    price(DAY_MS, 15),
  ]);
  assert.deepEqual(
    days.map(({ kind, dayMs, bars, worst }) => [kind, dayMs, bars, worst.openMs]),
    [
      ['price', 0, 3, 3],
      ['missing_here', 0, 2, 2],
      ['price', DAY_MS, 1, DAY_MS],
    ],
  );
  assert.deepEqual(differencesByDay([]), []);
});
