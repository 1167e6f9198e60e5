import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { mlServiceApi, Output } from '@aistock/shared';
import { train, type Trainers } from './train.ts';

const STREAM = 'csv:SP500:1d';
type Run = Output<typeof mlServiceApi.train>['runs'][number];

const run = (some: Partial<Run>): Run => ({
  run_id: '00000000-0000-4000-8000-000000000001',
  stream: STREAM,
  status: 'nothing_to_train',
  algorithm: 'hmm_gaussian_diagonal',
  strategies: [],
  window_bars: null,
  hyperparameters: {},
  seed: 1,
  progress: { phase: 'claiming', share: 0, message: '' },
  attempts: 1,
  created_ms: 1,
  started_ms: 1,
  finished_ms: 2,
  files: 0,
  bars: 0,
  exactly_once: true,
  model: null,
  promoted: false,
  champion_id: null,
  problem: null,
  ...some,
});

/** Answers one run a call, and so many files that are held after each. */
function trainers(runs: Run[], held: number[]): Trainers {
  const files = { downloaded: 0, processed: 0, quarantined: 0, failed: 0 };
  const state = {
    source: 'csv',
    instrument: 'SP500',
    timeframe: '1d',
    calendar: 'xnys',
    bars: 1,
    gaps: 0,
  } as const;
  const times = { watermark_ms: 1, first_open_ms: 1, last_open_ms: 1, source_range: null };
  return {
    ml: { train: async () => ({ runs: [runs.shift() ?? run({})] }) },
    ingester: {
      streams: async () => ({
        streams: [{ stream: STREAM, ...state, ...times, files: { ...files, processing: held.shift() ?? 0 } }],
      }),
    },
  };
}

test('files that a run which was cut off holds are waited for', async () => {
  const said: string[] = [];
  const trained = run({ status: 'trained', files: 5 });
  const waiting = await train(trainers([run({}), trained], [5, 0]), [STREAM], (text) => said.push(text), 1);
  assert.equal(waiting, 0);
  assert.match(said.join('\n'), /waiting for the files of csv:SP500:1d/);
  assert.equal(said.at(-1), `${STREAM}: trained`);
});

const failed = (code: string, some: Partial<Run> = {}) =>
  run({ status: 'failed', files: 2, problem: { code, detail: 'why' }, ...some });
const attempt = (first: Run) => train(trainers([first], []), [STREAM], () => {}, 1);

test('new bars that are too few alone wait; any other problem is an error', async () => {
  assert.equal(await attempt(failed('not_enough_bars')), 2);
  await assert.rejects(attempt(failed('not_enough_bars', { exactly_once: false })), /not_enough_bars: why/);
  await assert.rejects(attempt(failed('file_missing')), /training on csv:SP500:1d failed: file_missing: why/);
  await assert.rejects(attempt(failed('abandoned', { status: 'abandoned' })), /abandoned/);
});
