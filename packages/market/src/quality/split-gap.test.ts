import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expectedOpens, type BarSchedule } from '../calendar.ts';
import { findGaps } from './gaps.ts';
import { splitGap } from './split-gap.ts';

const MINUTE_MS = 60_000;
const ALWAYS: BarSchedule = { timeframe: '1m', calendar: 'always' };
const gap = (from: number, to: number) => ({
  fromMs: from * MINUTE_MS,
  toMs: to * MINUTE_MS,
  missingBars: to - from,
});

test('a gap whose bars all came is filled, and one of which none came stays as it is', () => {
  const opens = [5, 6, 7].map((minute) => minute * MINUTE_MS);
  assert.deepEqual(splitGap(gap(5, 8), opens, ALWAYS), { open: [], filled: [gap(5, 8)] });
  assert.deepEqual(splitGap(gap(5, 8), [], ALWAYS), { open: [gap(5, 8)], filled: [] });
});

test('bars in the middle leave a gap on either side', () => {
  const opens = [7, 8].map((minute) => minute * MINUTE_MS);
  assert.deepEqual(splitGap(gap(5, 10), opens, ALWAYS), {
    open: [gap(5, 7), gap(9, 10)],
    filled: [gap(7, 9)],
  });
});

test('over weekends and nights too, the parts make up the gap and no bar is in two', () => {
  const schedule: BarSchedule = { timeframe: '1h', calendar: 'xnys' };
  const all = [...expectedOpens(Date.parse('2024-06-28T00:00Z'), Date.parse('2024-07-09T00:00Z'), schedule)];
  const [whole] = findGaps([all[0]!, all.at(-1)!], schedule);
  const missing = all.slice(1, -1);
  fc.assert(
    fc.property(fc.subarray(missing), (opens) => {
      const { open, filled } = splitGap(whole!, opens, schedule);
      const barsOf = (parts: typeof open) =>
        parts.flatMap(({ fromMs, toMs, missingBars }) => {
          const bars = [...expectedOpens(fromMs, toMs, schedule)];
          assert.equal(bars.length, missingBars);
          return bars;
        });
      assert.deepEqual(barsOf(filled), opens);
      assert.deepEqual(
        [...barsOf(open), ...opens].toSorted((a, b) => a - b),
        missing,
      );
    }),
  );
});
