import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isInSample } from './in-sample.ts';

const OPEN_MS = [10, 20, 30, 40, 50];
const inSample = (trainedToMs: number, horizonBars: number) =>
  OPEN_MS.map((_, at) => isInSample(OPEN_MS, at, { trainedToMs, horizonBars }));

test('a model without a target knows the bars up to its last row', () => {
  assert.deepEqual(inSample(30, 0), [true, true, false, false, false]);
});

test('a model with a target knows the bars that the target of its last row was made of, too', () => {
  assert.deepEqual(inSample(30, 1), [true, true, true, false, false]);
  assert.deepEqual(inSample(30, 2), [true, true, true, true, false]);
  assert.deepEqual(inSample(30, 9), [true, true, true, true, true]);
});

test('bars from before or after everything that was told', () => {
  assert.deepEqual(inSample(5, 0), [false, false, false, false, false]);
  assert.deepEqual(inSample(99, 0), [true, true, true, true, false]);
});
