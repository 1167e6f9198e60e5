import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '@aistock/market';
import { decideEarlier } from './decide-earlier.ts';

const MINUTE_MS = 60_000;
const bar = (minute: number): Bar => ({
  openMs: minute * MINUTE_MS,
  open: '10',
  high: '11',
  low: '9',
  close: '10',
  volume: '1',
});
const CONTEXT = {
  timeframe: '1m',
  calendar: 'always',
  clockMs: 100 * MINUTE_MS,
  faultyShareMax: 0.01,
  beforeMs: 10 * MINUTE_MS,
} as const;

test('bars of the stream are passed over, and what is missing up to its first one is a gap', () => {
  const decision = decideEarlier([5, 6, 8, 10, 11].map(bar), CONTEXT);
  assert.equal(decision.kind, 'register');
  assert.deepEqual(
    decision.kind === 'register' && [decision.bars.map(({ openMs }) => openMs / MINUTE_MS), decision.gaps],
    [
      [5, 6, 8],
      [
        { fromMs: 7 * MINUTE_MS, toMs: 8 * MINUTE_MS, missingBars: 1 },
        { fromMs: 9 * MINUTE_MS, toMs: 10 * MINUTE_MS, missingBars: 1 },
      ],
    ],
  );
});

test('a window with the stream’s own bars only holds nothing new', () => {
  assert.equal(decideEarlier([10, 11].map(bar), CONTEXT).kind, 'nothing_new');
  assert.equal(decideEarlier([], CONTEXT).kind, 'nothing_new');
});

test('what cannot be believed is refused as ever', () => {
  assert.equal(decideEarlier([bar(6), bar(5)], CONTEXT).kind, 'quarantine');
});
