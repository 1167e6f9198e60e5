import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { countExpectedBars, xnysDays, type ExchangeDay } from '@aistock/market';
import { createLogger, createMetrics } from '@aistock/service-kit';
import { SourceError } from '@aistock/venues';
import { scheduleOf } from '../quality/watched-stream.ts';
import { calendarMetrics } from './calendar-metrics.ts';
import { calendarWatch, startCalendarWatch, watched } from './calendar-watch.ts';

const NOW_MS = Date.parse('2026-03-02T12:00:00Z');
const clock = { nowMs: () => NOW_MS };
const logger = createLogger({ service: 'data_ingester', level: 'error' });
const STREAM = {
  timeframe: '1d',
  facts: { feed: null, adjustment: null, session: null, tickSize: null },
} as const;
const CLOSED_DAY = '2026-03-04';

const withoutThatDay = (fromMs: number, toMs: number): Promise<ExchangeDay[]> =>
  Promise.resolve(xnysDays(fromMs, toMs).filter(({ day }) => day !== CLOSED_DAY));

test('a closure that only the source knows is told, counted, and closes that day', async () => {
  const sources = [{ name: 'csv' }, { name: 'alpaca', calendarDays: withoutThatDay }];
  const watch = calendarWatch({ sources, clock, logger });
  const metrics = createMetrics('data_ingester');
  calendarMetrics(metrics, watch);
  assert.deepEqual(watch.state(), { source: 'alpaca', checked_ms: null, differing_days: 0, differences: [] });
  assert.doesNotMatch(await metrics.registry.metrics(), /calendar_differing_days\{/);

  await watch.check();
  const state = watch.state();
  assert.deepEqual([state?.checked_ms, state?.differing_days], [NOW_MS, 1]);
  assert.deepEqual(state?.differences, [
    {
      day: CLOSED_DAY,
      ours: {
        opens_ms: Date.parse(`${CLOSED_DAY}T14:30:00Z`),
        closes_ms: Date.parse(`${CLOSED_DAY}T21:00:00Z`),
      },
      theirs: null,
    },
  ]);
  assert.deepEqual(watch.closed(), [
    { fromMs: Date.parse(`${CLOSED_DAY}T05:00:00Z`), toMs: Date.parse('2026-03-05T05:00:00Z') },
  ]);
  assert.match(await metrics.registry.metrics(), /calendar_differing_days\{source="alpaca"[^}]*\} 1/);
});

test('a source that does not answer leaves what was known', async () => {
  let nowMs = NOW_MS;
  let asked = 0;
  const calendarDays = (fromMs: number, toMs: number): Promise<ExchangeDay[]> =>
    ++asked > 1
      ? Promise.reject(new SourceError('source_unreachable', 'down'))
      : withoutThatDay(fromMs, toMs);
  const sources = [{ name: 'alpaca', calendarDays }];
  const watch = calendarWatch({ sources, clock: { nowMs: () => nowMs }, logger });
  await watch.check();
  nowMs += 86_400_000;
  await watch.check();
  assert.deepEqual([asked, watch.closed().length, watch.state()?.differing_days], [2, 1, 1]);
});

test('a stream expects no bars while the exchange is closed after all, from when that is known', async () => {
  const sources = [{ name: 'alpaca', calendarDays: withoutThatDay }];
  const watch = calendarWatch({ sources, clock, logger });
  const days = watched({ ...STREAM, calendar: 'xnys' }, watch);
  const [fromMs, toMs] = [Date.parse('2026-03-02T05:00Z'), Date.parse('2026-03-07T05:00Z')];
  assert.equal(countExpectedBars(fromMs, toMs, scheduleOf(days)), 5);
  await watch.check();
  assert.equal(countExpectedBars(fromMs, toMs, scheduleOf(days)), 4);
  const always = watched({ ...STREAM, calendar: 'always' }, watch);
  assert.equal(countExpectedBars(fromMs, toMs, scheduleOf(always)), 5);
});

test('a source that is away at the start is asked again within the hour, and once a day after that', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  let nowMs = NOW_MS;
  let asked = 0;
  const calendarDays = (fromMs: number, toMs: number): Promise<ExchangeDay[]> =>
    ++asked === 1
      ? Promise.reject(new SourceError('source_unreachable', 'down'))
      : withoutThatDay(fromMs, toMs);
  const sources = [{ name: 'alpaca', calendarDays }];
  const watch = calendarWatch({ sources, clock: { nowMs: () => nowMs }, logger });
  const { run: stop } = startCalendarWatch(watch);
  const askedAfter = async (hours: number): Promise<number> => {
    for (let hour = 0; hour < hours; hour++) {
      nowMs += 3_600_000;
      context.mock.timers.tick(3_600_000);
      await setImmediate();
    }
    return asked;
  };
  assert.deepEqual(
    [await askedAfter(0), await askedAfter(1), await askedAfter(23), await askedAfter(1)],
    [1, 2, 2, 3],
  );
  assert.equal(watch.closed().length, 1);
  await stop();
});

test('without a source that has a calendar there is nothing to tell', async () => {
  const watch = calendarWatch({ sources: [{ name: 'csv' }], clock, logger });
  await watch.check();
  assert.deepEqual([watch.state(), watch.closed()], [null, []]);
});
