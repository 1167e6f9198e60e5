import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createRandom,
  fit,
  gaussianHmm,
  HmmError,
  sample,
  type FitOptions,
  type FitProgress,
} from '../index.ts';
import { planSearch } from '../training/search.ts';
import { fitOnThreads } from './index.ts';
import { openPool } from './worker-pool.ts';

const maker = gaussianHmm('diagonal', {
  start: [0.5, 0.5],
  transition: [
    [0.95, 0.05],
    [0.1, 0.9],
  ],
  means: [
    [0, 1],
    [1, -1],
  ],
  covariances: [
    [1, 4],
    [9, 1],
  ],
});
const observations = sample(maker, 600, createRandom(2));
/** Starts that are hardly screened, so that the first of them is not the best in the end. */
const options = { states: 3, seed: 7, restarts: 5, screeningIterations: 1, finalists: 4, iterationsMax: 60 };

const kinds: readonly [string, FitOptions][] = [
  ['diagonal', options],
  ['full, with priors', { ...options, covariance: 'full', priors: { varianceRows: 3, stayRows: 10 } }],
  ['Student-t', { ...options, family: 'student_t' }],
];
for (const [name, kind] of kinds)
  test(`${name}: any number of threads finds the bits that one finds`, async () => {
    const alone = fit(observations, kind);
    for (const threadsMax of [1, 2, 3])
      assert.deepEqual(await fitOnThreads(observations, { ...kind, threadsMax }), alone);
  });

function byPlace(a: FitProgress, b: FitProgress): number {
  return b.phase.localeCompare(a.phase) || a.attempt - b.attempt || a.iteration - b.iteration;
}

test('the threads report what the fit would, in the units of the data', async () => {
  const told: FitProgress[] = [];
  const inOrder: FitProgress[] = [];
  fit(observations, { ...options, onProgress: (progress) => inOrder.push(progress) });
  await fitOnThreads(observations, {
    ...options,
    threadsMax: 2,
    onProgress: (progress) => told.push(progress),
  });
  assert.deepEqual(told.toSorted(byPlace), inOrder.toSorted(byPlace));
});

test('an abort ends the threads with its reason, before the start and in the middle', async () => {
  const reason = new Error('not wanted any more');
  const early = fitOnThreads(observations, { ...options, threadsMax: 2, signal: AbortSignal.abort(reason) });
  await assert.rejects(early, reason);
  const controller = new AbortController();
  const endless = { ...options, tolerance: 0, iterationsMax: 1_000_000, screeningIterations: 1_000_000 };
  const running = fitOnThreads(sample(maker, 20_000, createRandom(3)), {
    ...endless,
    threadsMax: 2,
    signal: controller.signal,
    onProgress: () => controller.abort(reason),
  });
  await assert.rejects(running, reason);
});

function onProgress(): never {
  throw new RangeError('the listener is broken');
}

test('what is refused is refused as by the fit, and what a listener throws comes through', async () => {
  const broken = { dimensions: 1, values: Float64Array.of(1, 2, Number.NaN) };
  await assert.rejects(fitOnThreads(broken, { ...options, threadsMax: 2 }), { code: 'not_finite' });
  await assert.rejects(fitOnThreads(observations, { ...options, threadsMax: 0 }), {
    code: 'bad_option',
    message: /threadsMax must be a whole number from 1, not 0/,
  });
  await assert.rejects(fitOnThreads(observations, { ...options, threadsMax: 1, onProgress }), RangeError);
});

test('a refusal inside of a thread comes out with its code, and the end of a thread as worker_failed', async () => {
  const { plan, rows } = planSearch(observations, options);
  const job = { plan, rows, reportsProgress: false };
  const values = rows.values.map((value, at) => (at === 9 ? Infinity : value));
  const refusing = openPool({ ...job, rows: { ...rows, values } }, 1, undefined);
  await assert.rejects(refusing.run([{ phase: 'screening', attempt: 0 }]), (error) => {
    assert.ok(error instanceof HmmError);
    assert.equal(error.code, 'impossible_observation');
    return true;
  });
  const closed = assert.rejects(refusing.failed, { code: 'worker_failed', message: /ended with code 1/ });
  await refusing.close();
  await closed;
  const broken = openPool({ ...job, plan: { ...plan, seeds: null as unknown as number[] } }, 1, undefined);
  const run = broken.run([{ phase: 'screening', attempt: 0 }]);
  await assert.rejects(Promise.race([run, broken.failed]), {
    code: 'worker_failed',
    message: /worker failed: /,
  });
  await broken.close();
});
