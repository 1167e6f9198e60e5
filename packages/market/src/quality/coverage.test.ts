import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expectedOpens, type BarSchedule } from '../calendar.ts';
import { coverageOf, missingByDay } from './coverage.ts';
import { findGaps } from './gaps.ts';

const HOURLY: BarSchedule = { timeframe: '1h', calendar: 'always' };
const at = (text: string): number => Date.parse(`${text}Z`);
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

test('a gap over midnight is missing in both days', () => {
  const gap = { fromMs: at('2024-03-01T20:00'), toMs: at('2024-03-03T02:00'), missingBars: 30 };
  assert.deepEqual(
    [...missingByDay(gap, HOURLY)],
    [
      [at('2024-03-01T00:00'), 4],
      [at('2024-03-02T00:00'), 24],
      [at('2024-03-03T00:00'), 2],
    ],
  );
});

test('days begin with the first bar and end with the last; days without a session are left out', () => {
  const range = { firstOpenMs: at('2024-07-02T18:00'), lastOpenMs: at('2024-07-05T14:00') };
  const { unit, cells } = coverageOf(range, new Map(), { timeframe: '1h', calendar: 'xnys', cellsMax: 9 });
  assert.equal(unit, 'day');
  assert.deepEqual(
    cells.map(({ fromMs, expected }) => [new Date(fromMs).toISOString().slice(5, 10), expected]),
    [
      ['07-02', 2],
      ['07-03', 4],
      ['07-05', 2],
    ],
  );
});

test('a long history is told by weeks from Monday, and a longer one by months', () => {
  const range = { firstOpenMs: at('2024-01-03T00:00'), lastOpenMs: at('2024-03-20T00:00') };
  const missing = new Map([[at('2024-02-29T00:00'), 5]]);
  const weekly = coverageOf(range, missing, { ...HOURLY, cellsMax: 20 });
  assert.equal(weekly.unit, 'week');
  assert.equal(weekly.cells[0]!.fromMs, at('2024-01-01T00:00'));
  assert.ok(weekly.cells.every(({ fromMs }) => new Date(fromMs).getUTCDay() === 1));
  const monthly = coverageOf(range, missing, { ...HOURLY, cellsMax: 4 });
  assert.deepEqual(monthly, {
    unit: 'month',
    cells: [
      { fromMs: at('2024-01-01T00:00'), expected: 29 * 24, missing: 0 },
      { fromMs: at('2024-02-01T00:00'), expected: 29 * 24, missing: 5 },
      { fromMs: at('2024-03-01T00:00'), expected: 19 * 24 + 1, missing: 0 },
    ],
  });
});

test('expected and missing add up, whatever the unit', () => {
  const schedule: BarSchedule = { timeframe: '30m', calendar: 'xnys' };
  const all = [...expectedOpens(at('2024-02-01T00:00'), at('2024-04-01T00:00'), schedule)];
  fc.assert(
    fc.property(fc.subarray(all, { minLength: 1 }), fc.integer({ min: 2, max: 80 }), (held, cellsMax) => {
      const missing = new Map<number, number>();
      for (const gap of findGaps(held, schedule))
        for (const [day, bars] of missingByDay(gap, schedule))
          missing.set(day, (missing.get(day) ?? 0) + bars);
      const range = { firstOpenMs: held[0]!, lastOpenMs: held.at(-1)! };
      const { cells } = coverageOf(range, missing, { ...schedule, cellsMax });
      const total = sum(cells.map((cell) => cell.expected));
      assert.equal(total - sum(cells.map((cell) => cell.missing)), held.length);
    }),
  );
});
