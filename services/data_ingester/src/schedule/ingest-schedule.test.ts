import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '@aistock/service-kit';
import { QualityThresholds } from '@aistock/shared';
import type { BarSource } from '@aistock/venues';
import { ingestResult, type IngestResult } from '../ingest-result.ts';
import type { ConfiguredStream } from '../stream-spec.ts';
import { scheduleIngest } from './ingest-schedule.ts';

const EVERY_SECOND = { cron: '* * * * * *' };
const NEVER_SOON = { cron: '0 0 29 2 *' };
const logger = createLogger({ service: 'test', level: 'silent' });
const clock = { nowMs: () => 7 };
const unused = (): Promise<never> => Promise.reject(new Error('the source is not asked here'));
const from: BarSource = { name: 'test', tradesOnly: false, clockMs: unused, fetchBars: unused };

const streamOf = (instrument: string, schedule: ConfiguredStream['schedule']): ConfiguredStream => ({
  stream: `test:${instrument}:1m`,
  source: 'test',
  instrument,
  timeframe: '1m',
  calendar: 'always',
  gapMeaning: 'session',
  facts: { feed: null, adjustment: null, session: null, tickSize: null },
  configHash: null,
  from,
  fromFile: false,
  startMs: undefined,
  chunkBars: 10,
  quality: QualityThresholds.parse({}),
  schedule,
  compare: undefined,
  budget: undefined,
});

const took = (stream: string, more: boolean): IngestResult =>
  ingestResult(stream, 'ingested', { accepted: 10, more });

test('what was missed is made up for at the start, chunk after chunk', async () => {
  const chunks: string[] = [];
  const done = Promise.withResolvers<void>();
  const next = async ({ stream }: ConfiguredStream): Promise<IngestResult> => {
    chunks.push(stream);
    if (chunks.length === 3) done.resolve();
    return took(stream, chunks.length < 3);
  };
  const streams = [streamOf('A', NEVER_SOON), streamOf('UNSCHEDULED', undefined)];
  const schedule = scheduleIngest({ ingester: { next }, streams, clock, logger });
  await done.promise;
  await schedule.stopHook.run();
  assert.deepEqual(chunks, ['test:A:1m', 'test:A:1m', 'test:A:1m']);
  const [state, ...others] = schedule.states();
  assert.deepEqual(others, []);
  assert.deepEqual(state?.streams, ['test:A:1m']);
  assert.deepEqual([state?.last_started_ms, state?.last_ended_ms, state?.last_problems], [7, 7, []]);
});

test('runs never overlap, and stopping ends the run that is under way', async () => {
  const started = Promise.withResolvers<AbortSignal>();
  const ended: string[] = [];
  let running = 0;
  const next = async (
    { stream }: ConfiguredStream,
    { signal }: { signal: AbortSignal },
  ): Promise<IngestResult> => {
    assert.equal(++running, 1);
    started.resolve(signal);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    running--;
    ended.push(stream);
    return took(stream, true);
  };
  const schedule = scheduleIngest({
    ingester: { next },
    streams: [streamOf('A', EVERY_SECOND)],
    clock,
    logger,
  });
  assert.equal((await started.promise).aborted, false);
  await schedule.stopHook.run();
  assert.deepEqual(ended, ['test:A:1m']);
});

test('a run that fails is told, and does not end the schedule', async () => {
  const second = Promise.withResolvers<void>();
  let runs = 0;
  const next = (): Promise<never> => {
    if (++runs === 2) second.resolve();
    return Promise.reject(new Error('no database'));
  };
  const schedule = scheduleIngest({
    ingester: { next },
    streams: [streamOf('A', EVERY_SECOND)],
    clock,
    logger,
  });
  await second.promise;
  await schedule.stopHook.run();
  assert.deepEqual(schedule.states()[0]?.last_problems, ['test:A:1m internal_error']);
});
