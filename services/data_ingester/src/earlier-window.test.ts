import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countExpectedBars, type BarSchedule } from '@aistock/market';
import fc from 'fast-check';
import { earlierWindowStart } from './earlier-window.ts';

const MINUTE_MS = 60_000;

test('round the clock it is as many bars back', () => {
  const schedule = { timeframe: '1m', calendar: 'always' } as const;
  const start = earlierWindowStart({ sinceMs: 0, beforeMs: 1_000 * MINUTE_MS }, 100, schedule);
  assert.equal(countExpectedBars(start, 1_000 * MINUTE_MS, schedule), 100);
});

test('never before the wanted start, never more bars than allowed, and no earlier start would do', () => {
  const schedules: BarSchedule[] = [
    { timeframe: '1m', calendar: 'always' },
    { timeframe: '5m', calendar: 'xnys' },
    { timeframe: '1d', calendar: 'xnys' },
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...schedules),
      fc.integer({ min: Date.UTC(2019, 0, 1), max: Date.UTC(2021, 0, 1) }),
      fc.integer({ min: 0, max: 400 * 86_400_000 }),
      fc.integer({ min: 1, max: 1_000 }),
      (schedule, sinceMs, spanMs, barsMax) => {
        const beforeMs = sinceMs + spanMs;
        const start = earlierWindowStart({ sinceMs, beforeMs }, barsMax, schedule);
        assert.ok(start >= sinceMs && start <= beforeMs);
        assert.ok(countExpectedBars(start, beforeMs, schedule) <= barsMax);
        assert.ok(start === sinceMs || countExpectedBars(start - 1, beforeMs, schedule) > barsMax);
      },
    ),
    { numRuns: 200 },
  );
});
