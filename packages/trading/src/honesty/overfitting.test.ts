import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backtestOverfitting, returnBlocks } from './index.ts';

const TRIALS = 6;
const PERIODS = 64;
const BLOCKS = 8;

/** Noise by the linear congruential generator of Numerical Recipes, the first trial with an edge. */
function noise(edge: number): Float64Array[] {
  let state = 12_345;
  const draw = () => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const trials = Array.from({ length: TRIALS }, () => new Float64Array(PERIODS));
  for (let period = 0; period < PERIODS; period++)
    for (const [trial, returns] of trials.entries())
      returns[period] = (draw() - 0.5) * 0.02 + (trial === 0 ? edge : 0);
  return trials;
}

const overfitting = (trials: readonly Float64Array[], blocks: number) =>
  backtestOverfitting(trials.map((returns) => returnBlocks(returns, blocks)));

/** Made with pypbo. */
const KNOWN = [
  { edge: 0.001, pbo: 8 / 70, loss: 6 / 70, meanLogit: 0.5019095989837424, slope: -0.7631920569845974 },
  { edge: 0, pbo: 7 / 70, loss: 9 / 70, meanLogit: 0.7269242649298228, slope: -0.6377784635303876 },
  { edge: 0.005, pbo: 0, loss: 0, meanLogit: 1.7917594692280545, slope: -0.9824547668984288 },
];

const close = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

for (const { edge, pbo, loss, meanLogit, slope } of KNOWN)
  test(`overfitting with an edge of ${edge} is what pypbo finds`, () => {
    const found = overfitting(noise(edge), BLOCKS);
    close(found.probability, pbo);
    close(found.lossProbability, loss);
    close(found.meanLogit, meanLogit);
    close(found.slope!, slope);
    assert.equal(found.splits, 70);
  });

test('a trial that is best everywhere is not overfitted; one that is best where it is chosen only is', () => {
  const flat = Float64Array.from({ length: 16 }, (_, period) => (period % 2 ? 0.01 : -0.01));
  const better = flat.map((value) => value + 0.005);
  assert.equal(overfitting([flat, better], 4).probability, 0);
  const [early, late] = [0, 8].map((from) =>
    flat.map((value, period) => value + (period >= from && period < from + 8 ? 0.005 : -0.005)),
  );
  assert.ok(overfitting([early!, late!], 2).probability === 1);
});

test('trials without a trade tie in the middle', () => {
  const none = new Float64Array(8);
  const found = overfitting([none, none, none], 2);
  assert.equal(found.meanLogit, 0);
  assert.equal(found.probability, 1, 'no better than the median');
  assert.equal(found.slope, null);
});

test('what cannot be split is refused', () => {
  const returns = new Float64Array(64);
  assert.throws(() => overfitting([returns], 8), /two trials/);
  assert.throws(() => overfitting([returns, returns.subarray(8)], 8), /same times/);
  for (const blocks of [3, 0, 18, 2.5]) assert.throws(() => overfitting([returns, returns], blocks), /even/);
  assert.throws(() => overfitting([returns.subarray(0, 15), returns.subarray(0, 15)], 8), /two returns/);
});

test('many trials are compared over fewer blocks', () => {
  const many = Array.from({ length: 120 }, (_, trial) => noise(0.001 * trial)[trial % TRIALS]!);
  const found = overfitting(many, 16);
  const coarse = overfitting(many, 8);
  assert.deepEqual([found.splits, found.probability], [70, coarse.probability]);
  close(found.meanLogit, coarse.meanLogit);
});
