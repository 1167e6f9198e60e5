import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { PromotionPolicy } from '@aistock/promotion';
import { startFakeIngester, type FakeIngester } from '../../../test/fake-ingester.ts';
import { sp500, STREAM } from '../../../test/sp500.ts';
import { decideGiveUp } from '../give-up.ts';
import { performTask } from './perform-task.ts';
import { trainInThread } from './train-in-thread.ts';
import type { ThreadProgress, TrainingTask } from './training-task.ts';

const BARS = sp500().slice(0, 1_500);
const never = new AbortController().signal;
const told = () => undefined;

function taskOf(ingester: FakeIngester, seed = 1): TrainingTask {
  return {
    places: {
      lake: { folder: '/nowhere' },
      ingester: { url: ingester.service.url, token: undefined },
    },
    stream: STREAM,
    wanted: { type: 'window', lastOpenMs: BARS.at(-1)!.openMs, barsMax: 2_000, asOfMs: 4e12 },
    terms: {
      tells: 'regimes',
      algorithm: 'hmm_gaussian_diagonal',
      strategies: [],
      window_bars: 2_000,
      window_bars_max: 2_000,
      hyperparameters: { states: [2, 3], holdout_fraction: 0.2, restarts: 4 },
    },
    seed,
    line: null,
    champion: null,
    quality: 'pass',
    policy: PromotionPolicy.parse({}),
    strategies: [],
  };
}

test('a training leaves the thread that asks free, and gives the bytes that the same training gives here', async () => {
  const ingester = await startFakeIngester();
  ingester.bars = BARS;
  try {
    const task = taskOf(ingester);
    const state = { done: false };
    const steps: ThreadProgress[] = [];
    const training = trainInThread(task, {
      signal: never,
      told: (step) => steps.push(step),
    }).finally(() => (state.done = true));
    let turns = 0;
    for (; !state.done; turns++) await setImmediate();
    const outcome = await training;
    assert.deepEqual(outcome, await performTask(task, told));
    assert.ok(turns > 100, `the event loop turned ${turns} times`);
    assert.deepEqual([...new Set(steps.map(({ phase }) => phase))], ['reading', 'fitting', 'validating']);
    const other = await trainInThread(task, { signal: never, told });
    assert.equal(other.model.artefact.sha256, outcome.model.artefact.sha256);
    assert.equal(other.model.artefact.text, outcome.model.artefact.text);
  } finally {
    await ingester.service.stop();
  }
});

test('an aborted training ends with the reason', async () => {
  const ingester = await startFakeIngester();
  try {
    const abort = new AbortController();
    const training = trainInThread(taskOf(ingester), { signal: abort.signal, told });
    abort.abort(new Error('enough'));
    await assert.rejects(training, /enough/);
    const late = AbortSignal.abort(new Error('too late'));
    await assert.rejects(trainInThread(taskOf(ingester), { signal: late, told }), /too late/);
  } finally {
    await ingester.service.stop();
  }
});

/** The code of what goes wrong, and what becomes of the claims. */
async function problemOf(task: TrainingTask) {
  const { code, claims } = await trainInThread(task, { signal: never, told }).then(
    () => assert.fail('it must not work'),
    (reason: unknown) => decideGiveUp(reason),
  );
  return [code, claims];
}

test('what goes wrong in the thread comes back with its code', async () => {
  const ingester = await startFakeIngester();
  const task = taskOf(ingester);
  try {
    assert.deepEqual(await problemOf(task), ['bars_missing', 'release']);
    ingester.bars = BARS;
    const { terms } = task;
    assert.ok(terms.tells === 'regimes');
    const broken = { ...terms, hyperparameters: { ...terms.hyperparameters, restarts: 0 } };
    assert.deepEqual(await problemOf({ ...task, terms: broken }), ['model_bad_option', 'fail']);
  } finally {
    await ingester.service.stop();
  }
  assert.deepEqual(await problemOf(task), ['data_ingester_failed', 'release']);
});
