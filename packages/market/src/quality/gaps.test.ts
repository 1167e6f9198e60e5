import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expectedOpens } from '../calendar.ts';
import { findGaps } from './gaps.ts';

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16);

test('a run of missing bars is one gap, from the first that is missing to the next that is there', () => {
  const gaps = findGaps([0, 60_000, 240_000, 300_000, 420_000], { timeframe: '1m', calendar: 'always' });
  assert.deepEqual(gaps, [
    { fromMs: 120_000, toMs: 240_000, missingBars: 2 },
    { fromMs: 360_000, toMs: 420_000, missingBars: 1 },
  ]);
});

test('nights, weekends, holidays and short days of xnys are no gaps', () => {
  const range = [Date.parse('2024-06-28T00:00:00Z'), Date.parse('2024-07-09T00:00:00Z')] as const;
  for (const timeframe of ['1m', '1h', '4h', '1d'] as const) {
    const schedule = { timeframe, calendar: 'xnys' } as const;
    const opens = [...expectedOpens(...range, schedule)];
    assert.deepEqual(findGaps(opens, schedule), []);
    const without = opens.toSpliced(3, 2);
    assert.deepEqual(findGaps(without, schedule), [{ fromMs: opens[3], toMs: opens[5], missingBars: 2 }]);
  }
});

test('bars of the extended session are no gaps in the regular one', () => {
  const session = { timeframe: '30m', calendar: 'xnys' } as const;
  const opens = ['13:00', '13:30', '14:30', '20:00', '20:30'].map((time) =>
    Date.parse(`2024-07-02T${time}:00Z`),
  );
  const gaps = findGaps(opens, session).map((gap) => [iso(gap.fromMs), iso(gap.toMs), gap.missingBars]);
  assert.deepEqual(gaps, [
    ['2024-07-02T14:00', '2024-07-02T14:30', 1],
    ['2024-07-02T15:00', '2024-07-02T20:00', 10],
  ]);
});

test('bars that are there and bars that are missing make up what the calendar expects', () => {
  const schedule = { timeframe: '15m', calendar: 'xnys' } as const;
  const all = [...expectedOpens(Date.parse('2023-11-20T00:00Z'), Date.parse('2023-12-01T00:00Z'), schedule)];
  fc.assert(
    fc.property(fc.subarray(all, { minLength: 1 }), (there) => {
      const missing = findGaps(there, schedule).flatMap((gap) => {
        const run = [...expectedOpens(gap.fromMs, gap.toMs, schedule)];
        assert.equal(run.length, gap.missingBars);
        return run;
      });
      const inRange = all.filter((openMs) => there[0]! <= openMs && openMs <= there.at(-1)!);
      assert.deepEqual(
        [...there, ...missing].toSorted((a, b) => a - b),
        inRange,
      );
    }),
  );
});

test('open times that do not ascend are refused', () => {
  assert.throws(() => findGaps([60_000, 60_000], { timeframe: '1m', calendar: 'always' }), RangeError);
  assert.throws(() => findGaps([60_000, Number.NaN], { timeframe: '1m', calendar: 'always' }), RangeError);
});
