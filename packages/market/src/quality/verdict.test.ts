import assert from 'node:assert/strict';
import { test } from 'node:test';
import { qualityVerdict, type StreamQuality } from './verdict.ts';

const clean: StreamQuality = {
  bars: 1000,
  expectedBars: 1000,
  missingBars: 0,
  gapMeaning: 'session',
  rejected: [],
  quarantinedFiles: 0,
};
const verdictOf = (change: Partial<StreamQuality>): string => qualityVerdict({ ...clean, ...change }).verdict;

test('a stream without a fault passes', () => {
  assert.deepEqual(qualityVerdict(clean), { verdict: 'pass', reasons: [] });
  const harmless = [
    { reason: 'open_bar', count: 9 },
    { reason: 'before_watermark', count: 999 },
    { reason: 'duplicate_identical', count: 999 },
  ] as const;
  assert.equal(verdictOf({ rejected: harmless }), 'pass');
});

test('some missing or faulty bars warn, many block', () => {
  assert.equal(verdictOf({ bars: 950, missingBars: 50 }), 'warn');
  assert.equal(verdictOf({ bars: 949, missingBars: 51 }), 'block');
  assert.equal(verdictOf({ bars: 990, rejected: [{ reason: 'misaligned', count: 10 }] }), 'warn');
  assert.equal(verdictOf({ bars: 989, rejected: [{ reason: 'misaligned', count: 11 }] }), 'block');
  assert.equal(verdictOf({ quarantinedFiles: 1 }), 'warn');
  assert.equal(verdictOf({ bars: 0, expectedBars: 0 }), 'block');
});

test('a source that makes bars of trades only has no missing bars', () => {
  assert.equal(verdictOf({ bars: 500, missingBars: 500, gapMeaning: 'trades_only' }), 'pass');
});

test('every reason is told', () => {
  const { reasons } = qualityVerdict({
    ...clean,
    missingBars: 3,
    quarantinedFiles: 2,
    rejected: [{ reason: 'misaligned', count: 4 }],
  });
  assert.deepEqual(reasons, [
    '3 of 1000 expected bars are missing',
    '4 of 1004 bars were faulty',
    '2 files are quarantined',
  ]);
});
