import assert from 'node:assert/strict';
import { test } from 'node:test';
import { viewOf } from '../bars.fixture.ts';
import { randomNumbers } from '../random.fixture.ts';
import {
  barsToShrink,
  cointegrationCritical,
  dickeyFullerT,
  fitAutoregression,
  halfLifeBars,
  nextMoveProbability,
} from './autoregression.ts';
import { logReturns, upwardProbability } from './drift.ts';
import { deviationOf, fitLine, meanOf } from './fit-line.ts';
import { expectedBarsToStop } from './holding-time.ts';

const near = (actual: number, expected: number, within = 1e-9) =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`);

test('a line through points is that of the normal equations', () => {
  const xs = Float64Array.of(1, 2, 3, 4, 6);
  const ys = Float64Array.of(2.1, 3.9, 6.2, 7.8, 12.3);
  // Solved as (XᵀX)⁻¹Xᵀy, without centring, as a second way to the same numbers.
  const sum = (of: (index: number) => number) => xs.reduce((total, _, index) => total + of(index), 0);
  const [n, sx, sy] = [xs.length, sum((i) => xs[i]!), sum((i) => ys[i]!)];
  const [sxx, sxy] = [sum((i) => xs[i]! ** 2), sum((i) => xs[i]! * ys[i]!)];
  const slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
  const intercept = (sxx * sy - sx * sxy) / (n * sxx - sx * sx);
  const line = fitLine(xs, ys);
  near(line.slope, slope);
  near(line.intercept, intercept);
  near(line.residualSd, Math.sqrt(sum((i) => (ys[i]! - intercept - slope * xs[i]!) ** 2) / (n - 2)));
  assert.equal(fitLine(Float64Array.of(2, 2, 2), Float64Array.of(1, 2, 3)).slope, 0);
  near(meanOf(xs), 3.2);
  near(deviationOf(xs, 3.2), Math.sqrt((2.2 ** 2 + 1.2 ** 2 + 0.2 ** 2 + 0.8 ** 2 + 2.8 ** 2) / 4));
});

test('a deviation that shrinks by a tenth a bar halves in 6.58 bars', () => {
  const model = fitAutoregression(Float64Array.from({ length: 30 }, (_, index) => 5 + 0.9 ** index));
  near(model.slope, 0.9);
  near(model.intercept, 0.5);
  near(halfLifeBars(model), 6.578813478960585); // ln 0.5 / ln 0.9
  near(barsToShrink(model, [2, 0.5], 100), 2 * 6.578813478960585);
  assert.equal(barsToShrink(model, [2, 0.5], 10), 10);
  assert.equal(barsToShrink(model, [2, 0], 100), 100);
});

const line = (slope: number) => ({ slope, intercept: 0, residualSd: 1 });

test('what does not come back has no half-life, and what is gone at once none to wait for', () => {
  assert.equal(halfLifeBars(line(1)), Infinity);
  assert.equal(halfLifeBars(line(1.2)), Infinity);
  assert.equal(halfLifeBars(line(-0.3)), 0);
  assert.equal(barsToShrink(line(1), [2, 1], 50), 50);
});

test('the next value is nearer the mean with the probability of the forecast', () => {
  const model = { slope: 0.5, intercept: 0, residualSd: 1 };
  near(nextMoveProbability(model, 2, -1), 0.841344746068543); // expected fall of 1, one deviation
  near(nextMoveProbability(model, 2, 1), 0.158655253931457);
  assert.equal(nextMoveProbability({ ...model, residualSd: 0 }, 2, -1), 1);
  assert.equal(nextMoveProbability({ ...model, residualSd: 0 }, 0, -1), 0.5);
});

test('a random walk keeps its unit root, and noise does not', () => {
  const random = randomNumbers(7);
  const noise = Float64Array.from({ length: 300 }, () => random() - 0.5);
  let level = 0;
  const walk = noise.map((step) => (level += step));
  const centred = walk.map((value) => value - meanOf(walk));
  assert.ok(dickeyFullerT(noise) < -10);
  assert.ok(dickeyFullerT(centred) > cointegrationCritical(299));
  assert.equal(dickeyFullerT(new Float64Array(10)), 0);
  // By hand: Δ = 1, -3, 3 on 1, 2, -1: ρ = (1 - 6 - 3) / 6 and residuals 7/3, -1/3, 5/3 with 2 degrees of freedom.
  near(dickeyFullerT(Float64Array.of(1, 2, -1, 2)), -4 / 3 / Math.sqrt((49 + 1 + 25) / 9 / 2 / 6));
});

test('the critical value of two series at 5 % is that of the response surface', () => {
  near(cointegrationCritical(100), -3.3979133);
});

test('returns are measured as logarithms, and a steady rise is certain', () => {
  const view = viewOf([100, 110, 99]);
  const [first, second] = [Math.log(1.1), Math.log(0.9)];
  const { mean, sd } = logReturns(view, 2);
  near(mean, (first + second) / 2);
  near(sd, Math.abs(first - second) / Math.SQRT2);
  near(upwardProbability(view, 2), 0.4858745948, 1e-9); // Φ(mean / sd)
  assert.equal(upwardProbability(viewOf([100, 100, 100]), 2), 0.5);
  assert.ok(upwardProbability(viewOf([100, 101, 103, 104]), 3) > 0.9);
  assert.ok(upwardProbability(viewOf([104, 103, 101, 100]), 3) < 0.1);
});

test('the expected time to a stop is that of simulated walks', () => {
  const random = randomNumbers(11);
  const [stopSd, barsMax, stepsPerBar, walks] = [3, 20, 100, 1_000];
  let total = 0;
  for (let walk = 0; walk < walks; walk++) {
    let step = 0;
    // Steps of one size, up or down: the same limit, without a normal generator.
    for (let at = 0; step < barsMax * stepsPerBar && at > -stopSd * Math.sqrt(stepsPerBar); step++)
      at += random() < 0.5 ? 1 : -1;
    total += step / stepsPerBar;
  }
  near(expectedBarsToStop(stopSd, barsMax), total / walks, 0.7); // four standard errors
  near(expectedBarsToStop(0, 20), 0);
  near(expectedBarsToStop(1_000, 20), 20);
});
