import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '@aistock/service-kit';
import { QualityThresholds } from '@aistock/shared';
import type { ConfiguredStream } from '../stream-spec.ts';
import { scheduleRechecks } from './recheck-schedule.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
const NOW_MS = Date.UTC(2024, 5, 3);
const unused = (): Promise<never> => Promise.reject(new Error('the source is not asked here'));

const streamOf = (instrument: string, recheck: ConfiguredStream['recheck']): ConfiguredStream => ({
  stream: `test:${instrument}:1m`,
  source: 'test',
  instrument,
  timeframe: '1m',
  calendar: 'always',
  gapMeaning: 'session',
  facts: { feed: null, adjustment: null, session: null, tickSize: null },
  configHash: null,
  from: { name: 'test', tradesOnly: false, clockMs: unused, fetchBars: unused },
  fromFile: false,
  startMs: undefined,
  chunkBars: 10,
  quality: QualityThresholds.parse({}),
  schedule: undefined,
  recheck,
  compare: undefined,
  budget: undefined,
});

test('every window of the last days is asked for, also after one that failed', async () => {
  const asked: string[] = [];
  const done = Promise.withResolvers<void>();
  const rechecks = scheduleRechecks({
    recheck: async ({ stream }, { from_ms: fromMs }) => {
      asked.push(`${stream} ${new Date(fromMs).toISOString()}`);
      if (asked.length === 4) done.resolve();
      if (asked.length === 1) throw new Error('no answer');
      return { restated: 2, late: 1 };
    },
    streams: [
      streamOf('A', { cron: '* * * * * *', days: 1 }),
      streamOf('NEVER', undefined),
      streamOf('B', { cron: '* * * * * *', days: 1 }),
    ],
    clock: { nowMs: () => NOW_MS },
    logger,
  });
  await done.promise;
  await rechecks.stopHook.run();
  assert.deepEqual(asked, [
    'test:A:1m 2024-06-02T00:00:00.000Z',
    'test:A:1m 2024-06-02T16:40:00.000Z',
    'test:B:1m 2024-06-02T00:00:00.000Z',
    'test:B:1m 2024-06-02T16:40:00.000Z',
  ]);
  const [state, ...others] = rechecks.states();
  assert.deepEqual(others, []);
  assert.deepEqual(state?.streams, ['test:A:1m', 'test:B:1m']);
  assert.deepEqual(
    [state?.last_restated, state?.last_late, state?.last_failed_windows, state?.last_ended_ms],
    [6, 3, 1, NOW_MS],
  );
});
