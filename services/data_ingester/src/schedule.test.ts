import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '@aistock/service-kit';
import type { IngestRun } from './ingester.ts';
import { scheduleIngest } from './schedule.ts';

const EVERY_SECOND = '* * * * * *';
const logger = createLogger({ service: 'test', level: 'silent' });

test('a scheduled run is never doubled, and stopping ends it and waits for it', async () => {
  const started = Promise.withResolvers<AbortSignal>();
  let runs = 0;
  let ended = false;
  const hook = scheduleIngest(
    EVERY_SECOND,
    {
      run: async ({ signal }: IngestRun) => {
        runs++;
        started.resolve(signal);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        ended = true;
        return [];
      },
    },
    logger,
  );
  const signal = await started.promise;
  assert.equal(signal.aborted, false);
  await hook.run();
  assert.equal(runs, 1);
  assert.equal(ended, true);
});

test('a run that fails does not end the schedule', async () => {
  const second = Promise.withResolvers<void>();
  let runs = 0;
  const hook = scheduleIngest(
    EVERY_SECOND,
    {
      run: () => {
        if (++runs === 2) second.resolve();
        return Promise.reject(new Error('no database'));
      },
    },
    logger,
  );
  await second.promise;
  await hook.run();
});
