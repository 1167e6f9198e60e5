import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, onlineFromJson } from '@aistock/hmm-ts';
import { MODEL_WARM_UP_BARS, type PriceBar } from '@aistock/market';
import { prepareJob, type TrainingInput } from './prepare-job.ts';
import { trainChallenger } from './train-challenger.ts';

function barsFrom(first: number, count: number): PriceBar[] {
  const random = createRandom(first + 1);
  let close = 100;
  return Array.from({ length: count }, (_, index) => {
    close *= Math.exp((random.uniform() - 0.5) * (index % 80 < 40 ? 0.01 : 0.04));
    return {
      openMs: (first + index) * 1_000,
      open: close,
      high: close * 1.01,
      low: close * 0.99,
      close,
      volume: 1,
    };
  });
}

function inputOf(bars: PriceBar[], line?: TrainingInput['line']): TrainingInput {
  return {
    bars,
    line,
    champion: null,
    covariance: 'diagonal',
    states: [2, 3],
    holdoutFraction: 0.2,
    holdoutRowsMin: 0,
    restarts: 12,
    seed: 1,
  };
}

function lineAfter(bars: PriceBar[]): NonNullable<TrainingInput['line']> {
  const prepared = prepareJob(inputOf(bars));
  const { model, carried } = trainChallenger(prepared.job);
  const { tail, trainedFromMs, barsCarried } = prepared;
  return { model, carried: { online: onlineFromJson(carried), tail, trainedFromMs, bars: barsCarried } };
}

test('rows stand for the bars after the warm-up', () => {
  const prepared = prepareJob(inputOf(barsFrom(0, 600)));
  assert.equal(prepared.filterFromMs, 0);
  assert.equal(prepared.trainedFromMs, MODEL_WARM_UP_BARS * 1_000);
  assert.equal(prepared.trainedToMs, (MODEL_WARM_UP_BARS + prepared.barsFitted - 1) * 1_000);
  assert.deepEqual(
    prepared.tail.map((bar) => bar.openMs),
    Array.from({ length: MODEL_WARM_UP_BARS }, (_, index) => (600 - MODEL_WARM_UP_BARS + index) * 1_000),
  );
});

test('a line goes on without a gap: its tail warms the features of the first new bar up', () => {
  const line = lineAfter(barsFrom(0, 600));
  const prepared = prepareJob(inputOf(barsFrom(600, 400), line));
  assert.equal(prepared.job.rows.values.length / prepared.job.rows.dimensions, 400);
  assert.equal(prepared.barsCarried, 600 - MODEL_WARM_UP_BARS + 400);
  assert.equal(prepared.trainedFromMs, MODEL_WARM_UP_BARS * 1_000);
  assert.equal(prepared.job.predecessor?.rows, 600 - MODEL_WARM_UP_BARS);
});

test('a line of another kind, or bars that do not follow on it, start anew', () => {
  const line = lineAfter(barsFrom(0, 600));
  assert.equal(prepareJob(inputOf(barsFrom(500, 400), line)).job.predecessor, null);
  const full = prepareJob({ ...inputOf(barsFrom(600, 400), line), covariance: 'full' });
  assert.equal(full.job.predecessor, null);
  assert.equal(full.barsInLine, full.barsFitted);
});

test('too few bars, or too few for any number of states, are refused', () => {
  assert.throws(() => prepareJob(inputOf(barsFrom(0, 90))), { code: 'not_enough_bars' });
  assert.throws(() => prepareJob({ ...inputOf(barsFrom(0, 130)), states: [8] }), { code: 'not_enough_bars' });
  assert.deepEqual(prepareJob({ ...inputOf(barsFrom(0, 130)), states: [2, 8] }).job.states, [2]);
});
