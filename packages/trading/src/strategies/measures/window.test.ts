import assert from 'node:assert/strict';
import { test } from 'node:test';
import { viewOf, viewOfBars } from '../bars.fixture.ts';
import { highestHighBefore, meanClose, meanTrueRange, wasReachedBefore } from './window.ts';

const bar = (openMs: number, high: number, low: number, close: number) => ({
  openMs,
  open: low,
  high,
  low,
  close,
  volume: 1,
});
const BARS = viewOfBars([bar(0, 12, 9, 10), bar(1, 15, 11, 14), bar(2, 14, 8, 9), bar(3, 20, 12, 18)]);

test('the mean of closes is over the newest bars only, or over those before', () => {
  assert.equal(meanClose(BARS, 1), 18);
  assert.equal(meanClose(BARS, 2), 13.5);
  assert.equal(meanClose(BARS, 4), 12.75);
  assert.equal(meanClose(BARS, 2, 1), 11.5);
});

test('the channel leaves the newest bar out, or nothing could ever break it', () => {
  assert.equal(highestHighBefore(BARS, 1), 14);
  assert.equal(highestHighBefore(BARS, 3), 15);
  assert.equal(wasReachedBefore(BARS, 1, 14), true);
  assert.equal(wasReachedBefore(BARS, 1, 14.5), false);
  assert.equal(wasReachedBefore(BARS, 2, 14.5), true);
});

test('the true range spans the gap from the previous close', () => {
  assert.equal(meanTrueRange(BARS, 1), 11); // 20 to the close of 9
  assert.equal(meanTrueRange(BARS, 2), (11 + 6) / 2);
});

test('a window that is too short is an error, not a number', () => {
  assert.throws(() => meanClose(BARS, 5), RangeError);
  assert.throws(() => meanClose(BARS, 4, 1), RangeError);
  assert.throws(() => highestHighBefore(BARS, 4), RangeError);
  assert.throws(() => meanTrueRange(BARS, 4), RangeError);
  assert.throws(() => meanClose(viewOf([]), 1), RangeError);
});
