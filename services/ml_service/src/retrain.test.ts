import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, type Logger } from '@aistock/service-kit';
import { createScheduler } from './create-scheduler.ts';
import { retrain } from './retrain.ts';
import type { TrainingRun } from '@aistock/shared';

function recordingLogger(): { logger: Logger; lines: [string, string][] } {
  const lines: [string, string][] = [];
  const write = (level: string) => (message: string) => void lines.push([level, message]);
  return {
    lines,
    logger: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
  };
}

const run: TrainingRun = {
  run_id: '00000000-0000-4000-8000-000000000001',
  stream: 'csv:SP500:1d',
  status: 'trained',
  algorithm: 'hmm_gaussian_diagonal',
  strategies: [],
  window_bars: null,
  hyperparameters: {},
  seed: 1,
  progress: { phase: 'committing', share: 1, message: '' },
  attempts: 1,
  created_ms: 1,
  started_ms: 1,
  finished_ms: 2,
  files: 1,
  bars: 100,
  exactly_once: false,
  model: null,
  promoted: true,
  champion_id: null,
  problem: null,
};

test('each run is logged, and a failed one as an error', async () => {
  const { logger, lines } = recordingLogger();
  const failed: TrainingRun = { ...run, status: 'failed', problem: { code: 'stale_claim', detail: 'lost' } };
  await retrain({ train: async () => ({ runs: [run, failed] }) }, logger);
  assert.deepEqual(lines, [
    ['info', 'retrained'],
    ['error', 'a stream could not be trained'],
  ]);
});

test('a stream that is blocked, or has too few new bars, is skipped, with the reason', async () => {
  const { logger, lines } = recordingLogger();
  for (const code of ['stream_blocked', 'quality_unknown', 'not_enough_bars']) {
    const blocked: TrainingRun = { ...run, status: 'failed', problem: { code, detail: 'too many gaps' } };
    await retrain({ train: async () => ({ runs: [blocked] }) }, logger);
  }
  assert.deepEqual(lines, [
    ['warn', 'a stream was skipped'],
    ['warn', 'a stream was skipped'],
    ['warn', 'a stream was skipped'],
  ]);
});

test('a service that does not answer is logged, and the scheduler lives on', async () => {
  const { logger, lines } = recordingLogger();
  await retrain({ train: () => Promise.reject(new Error('down')) }, logger);
  assert.deepEqual(lines, [['error', 'retraining failed']]);
});

test('a cron expression that is none is refused by name before anything starts', async () => {
  await assert.rejects(createScheduler({ RETRAIN_CRON: '61 * * * *' }), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.deepEqual(error.problems, [
      'RETRAIN_CRON: must be a cron expression such as 0 * * * *, but is "61 * * * *"',
    ]);
    return true;
  });
});

test('it starts, and stops at once though its next turn is far away', async () => {
  const scheduler = await createScheduler({ RETRAIN_CRON: '0 0 1 1 *', LOG_LEVEL: 'silent' });
  await scheduler.listen();
  await scheduler.stop();
});
