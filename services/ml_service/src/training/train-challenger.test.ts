import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, infer, modelFromJson } from '@aistock/hmm-ts';
import { splitRows } from './split-rows.ts';
import { trainChallenger } from './train-challenger.ts';
import type { TrainingJob } from './training-job.ts';

const ROWS = 1_200;
const DIMENSIONS = 2;

/** Two regimes: calm and rising, wild and falling. */
function jobOf(seed: number): TrainingJob {
  const random = createRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const values = new Float64Array(ROWS * DIMENSIONS);
  let wild = false;
  for (let row = 0; row < ROWS; row++) {
    if (random.uniform() > 0.97) wild = !wild;
    values[row * DIMENSIONS] = wild ? -0.01 + 0.02 * normal() : 0.005 + 0.005 * normal();
    values[row * DIMENSIONS + 1] = (wild ? -4 : -5) + 0.2 * normal();
  }
  return {
    covariance: 'diagonal',
    states: [2, 3],
    rows: { dimensions: DIMENSIONS, values },
    split: splitRows(ROWS, 0.2, 9)!,
    champion: null,
    predecessor: null,
    restarts: 12,
    seed: 1,
  };
}

const job = jobOf(1);
const result = trainChallenger(job);

test('BIC finds how many regimes made the rows, and they beat a single Gaussian later', () => {
  assert.equal(result.states, 2);
  assert.equal(result.converged, true);
  assert.deepEqual(
    result.candidates.map(({ states }) => states),
    [2, 3],
  );
  assert.ok(
    result.holdout > result.baselineHoldout + 0.3,
    `${result.holdout} against ${result.baselineHoldout}`,
  );
  assert.ok(result.occupancyShareMin > 0.2);
  assert.equal(result.championHoldout, null);
});

test('no row after the training part has any influence on the model', () => {
  const values = job.rows.values.slice();
  for (let index = job.split.trainRows * DIMENSIONS; index < values.length; index++)
    values[index] = 0.1 * index;
  const changed = trainChallenger({ ...job, rows: { dimensions: DIMENSIONS, values } });
  assert.deepEqual(changed.model, result.model);
  assert.notEqual(changed.holdout, result.holdout);
});

test('the hold-out score is the predictive likelihood given all rows before', () => {
  const model = modelFromJson(result.model);
  const { dimensions, values } = job.rows;
  const before = { dimensions, values: values.subarray(0, job.split.holdoutFrom * dimensions) };
  const gain = infer(model, job.rows).logLikelihood - infer(model, before).logLikelihood;
  assert.ok(Math.abs(result.holdout - gain / (ROWS - job.split.holdoutFrom)) < 1e-12);
});

test('a champion is scored on the same rows as its challenger', () => {
  const again = trainChallenger({ ...job, champion: result.model });
  assert.equal(again.championHoldout, result.holdout);
});

test('regimes that set the direction explain the next return, and the report says how much', () => {
  const { r2Train, r2Holdout, weights } = result.regression;
  assert.ok(r2Train! > 0.1 && r2Holdout! > 0.1, `${r2Train}, ${r2Holdout}`);
  // Trend and risk are one line here, so that only their sum is determined: from wild to calm the return rises.
  assert.ok(2 * weights.trend - weights.risk > 0.005, JSON.stringify(weights));
});

test('every row is learned from, and the next training goes on from there', () => {
  const next = jobOf(2);
  assert.equal(result.carried.rows, ROWS);
  const update = trainChallenger({ ...next, predecessor: result.carried });
  assert.equal(update.carried.rows, 2 * ROWS);
  assert.ok(update.holdout > update.baselineHoldout + 0.3);
  assert.equal(update.candidates.length, 1);
});
