import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createRandom } from '@aistock/hmm-ts';
import { decideGiveUp } from './give-up.ts';
import { fitInWorker } from './fit-in-worker.ts';
import { splitRows } from './split-rows.ts';
import { trainChallenger, type TrainingJob } from './train-challenger.ts';

const ROWS = 1_500;
const never = new AbortController().signal;

function jobOf(spoil: (values: Float64Array) => void = () => undefined): TrainingJob {
  const random = createRandom(3);
  const values = Float64Array.from({ length: ROWS * 2 }, () => random.uniform() + random.uniform());
  spoil(values);
  return {
    covariance: 'diagonal',
    states: [2, 3],
    rows: { dimensions: 2, values },
    split: splitRows(ROWS, 0.2, 9)!,
    champion: null,
    predecessor: null,
  };
}

test('a fit leaves the thread that asks free, and gives what the same fit gives here', async () => {
  const job = jobOf();
  const state = { done: false };
  const fitting = fitInWorker(job, never).finally(() => (state.done = true));
  let turns = 0;
  for (; !state.done; turns++) await setImmediate();
  assert.deepEqual(await fitting, trainChallenger(job));
  assert.ok(turns > 100, `the event loop turned ${turns} times`);
});

test('an aborted fit ends with the reason', async () => {
  const abort = new AbortController();
  const fitting = fitInWorker(jobOf(), abort.signal);
  abort.abort(new Error('enough'));
  await assert.rejects(fitting, /enough/);
  await assert.rejects(fitInWorker(jobOf(), AbortSignal.abort(new Error('too late'))), /too late/);
});

test('what the fit refuses comes back with its code', async () => {
  const job = jobOf((values) => (values[10] = Number.NaN));
  const error = await fitInWorker(job, never).then(
    () => assert.fail('it must be refused'),
    (reason: unknown) => reason,
  );
  assert.equal(decideGiveUp(error).code, 'model_not_finite');
});
