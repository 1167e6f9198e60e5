import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leastRounds, median, medianRounds } from './rounds.ts';

test('the median is the middle, or the mean of the two in the middle', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.equal(median([7]), 7);
  assert.equal(median([]), Number.NaN);
});

test('the sides take turns, the first one too, and never less than five times', async () => {
  const order: string[] = [];
  const side = (name: string, figures: readonly number[]) => {
    let round = 0;
    return async () => {
      order.push(name);
      return { ms: figures[round++] ?? Number.NaN };
    };
  };
  const medians = await medianRounds(
    { ours: side('ours', [9, 1, 1, 1, 2]), peer: side('peer', [5, 6, 7, 8, 9]) },
    { measure: ['ms'], say: () => undefined, rounds: 2 },
  );
  assert.deepEqual(medians, { ours: { ms: 1 }, peer: { ms: 7 } });
  assert.equal(order.join(' '), 'ours peer peer ours ours peer peer ours ours peer');
});

test('the least of each figure is taken where that is asked for', async () => {
  const figures = [5, 3, 4, 9, 7];
  let round = 0;
  const sides = { only: async () => ({ ms: figures[round++]! }) };
  assert.deepEqual(await leastRounds(sides, { measure: ['ms'], say: () => {} }), { only: { ms: 3 } });
});
