import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom, gaussianHmm } from '@aistock/hmm-ts';
import { calibration } from './calibration.ts';
import { drift } from './drift.ts';
import { labelStability } from './label-stability.ts';
import { leakCheck } from './leak.ts';
import { memoryGain } from './memory-gain.ts';
import { predictedStates } from './state-forecast.ts';
import { stateProbability } from './state-probability.ts';

const near = (actual: number, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
const random = createRandom(11);
const normal = () => Math.sqrt(-2 * Math.log(random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
const normals = (count: number) => Float64Array.from({ length: count }, normal);

test('calibration by hand: two bins of twenty', () => {
  const told = Float64Array.from({ length: 40 }, (_, row) => (row % 2 === 0 ? 0.2 : 0.8));
  // Of the twenty at 0.2 five follow, of those at 0.8 all.
  const followed = Float64Array.from(told, (probability, row) => Number(probability === 0.8 || row < 10));
  const { brier, brierOfBaseRate, reliability, bins } = calibration({
    event: 'up',
    told,
    followed,
    baseRate: 0.5,
  })!;
  near(brier, (5 * 0.64 + 15 * 0.04 + 20 * 0.04) / 40);
  near(brierOfBaseRate, 0.25);
  assert.deepEqual(
    bins.map((bin) => [Number(bin.told.toFixed(12)), bin.followed, bin.rows]),
    [
      [0.2, 0.25, 20],
      [0.8, 1, 20],
    ],
  );
  near(reliability, (0.05 ** 2 - (0.25 * 0.75) / 19 + 0.2 ** 2) / 2);
});

test('honest probabilities have no gap left after the correction, shifted ones have theirs', () => {
  const told = Float64Array.from({ length: 20_000 }, () => random.uniform());
  const followed = told.map((probability) => Number(random.uniform() < probability));
  near(calibration({ event: 'up', told, followed, baseRate: 0.5 })!.reliability, 0, 5e-4);
  const half = told.map((probability) => 0.2 + probability / 2);
  const shifted = calibration({ event: 'up', told: half, followed, baseRate: 0.5 })!.reliability;
  near(shifted, 0.05 ** 2 + 0.25 / 12, 2e-3);
  assert.equal(
    calibration({ event: 'up', told: told.subarray(0, 39), followed: followed.subarray(0, 39), baseRate: 1 }),
    null,
  );
  assert.equal(calibration({ event: 'up', told: told.fill(1.1), followed, baseRate: 1 }), null);
});

const driftOf = (reference: Float64Array, now: Float64Array, weights?: Float64Array) =>
  drift({ feature: 'x', reference, now, confidence: 0.99, ...(weights && { weights }) });

test('drift by hand: everything in the lowest bin', () => {
  const reference = Float64Array.from({ length: 100 }, (_, row) => row);
  const { psi, ks } = driftOf(reference, new Float64Array(50).fill(-1))!;
  const empty = 9 * (1e-4 - 0.1) * Math.log(1e-4 / 0.1);
  near(psi, 0.9 * Math.log(10) + empty, 1e-9);
  near(ks, 1);
  const same = driftOf(reference, reference)!;
  near(same.psi, 0);
  near(same.ks, 0);
});

test('drift of rows from the same source is what chance makes of it, one row in a hundred', () => {
  const beyond = Array.from({ length: 300 }, () => driftOf(normals(400), normals(200))!).filter(
    ({ psi, psiOfChance, ks, ksOfChance }) => psi > psiOfChance || ks > ksOfChance,
  );
  assert.ok(beyond.length <= 12, `${beyond.length} of 300`);
  const shifted = normals(200).map((value) => value + 1);
  const moved = driftOf(normals(400), shifted)!;
  assert.ok(moved.psi > 0.5 && moved.psi > moved.psiOfChance && moved.ks > moved.ksOfChance);
  assert.equal(driftOf(normals(9), normals(100)), null);
  assert.equal(driftOf(normals(90), Float64Array.of(Number.NaN, ...normals(20))), null);
});

test('weights that leave a few rows of the reference hide no drift: nothing can be compared', () => {
  const moved = normals(200).map((value) => value + 5);
  const few = Float64Array.from({ length: 1_000 }, (_, row) => Number(row < 5));
  assert.equal(driftOf(normals(1_000), moved, few), null);
  assert.equal(driftOf(normals(1_000), moved, new Float64Array(1_000)), null);
});

test('a reference that counts its rows as often as they come now has not drifted', () => {
  const reference = normals(4_000).map((value, row) => (row % 2 === 1 ? 5 * value : value));
  const now = normals(2_000).map((value, row) => (row % 10 === 0 ? 5 * value : value));
  const weights = reference.map((_, row) => (row % 2 === 1 ? 0.1 : 0.9));
  const plain = driftOf(reference, now)!;
  assert.ok(plain.psi > plain.psiOfChance);
  const weighed = driftOf(reference, now, weights)!;
  assert.ok(weighed.psi < weighed.psiOfChance && weighed.psi < plain.psi / 5, JSON.stringify(weighed));
});

test('labels: what matches nothing is changed, flips are told of both', () => {
  const challenger = Int32Array.of(0, 0, 1, 1, 2);
  const champion = Int32Array.of(1, 1, 0, 0, 0);
  assert.deepEqual(labelStability(challenger, champion, [1, 0, -1]), {
    rows: 5,
    changed: 0.2,
    flips: 0.5,
    championFlips: 0.25,
  });
  assert.equal(labelStability(challenger, champion.subarray(1), [1, 0, -1]), null);
});

/** Rows whose value is that of the bar so many ahead. */
const rowsOf = (ahead: number) => (seen: readonly number[]) => ({
  firstIndex: 2,
  dimensions: 1,
  values: Float64Array.from(seen.slice(2), (_, row) => seen[Math.min(seen.length - 1, row + 2 + ahead)]!),
});

/** Rows scaled by the whole series. */
const normalised = (seen: readonly number[]) => ({
  firstIndex: 0,
  dimensions: 1,
  values: Float64Array.from(seen, (value) => value / Math.max(...seen)),
});

test('features that look one bar ahead are caught, honest ones are not', () => {
  const bars = Array.from({ length: 60 }, normal);
  assert.deepEqual(leakCheck(bars, rowsOf(0), [10, 20, 40]), { compared: 64, differing: 0 });
  assert.equal(leakCheck(bars, rowsOf(1), [10, 20, 40]).differing, 3);
  assert.ok(leakCheck(bars, normalised, [5]).differing > 0, 'a value scaled by the whole series');
});

test('a forecast over more bars comes nearer to the stationary shares', () => {
  const transition = Float64Array.of(0.9, 0.1, 0.2, 0.8);
  const filtered = Float64Array.of(1, 0, 0, 1, 1, 0);
  const forecast = { states: 2, transition, filtered };
  assert.deepEqual([...predictedStates(forecast, 1)].slice(2), [0.9, 0.1, 0.2, 0.8]);
  const two = predictedStates(forecast, 2);
  near(two[4]!, 0.9 * 0.9 + 0.1 * 0.2);
  assert.ok(two.subarray(0, 4).every(Number.isNaN));
});

test('returns that do not depend on the past gain nothing by it, whatever the states do', () => {
  const states = fc.array(fc.double({ min: 0.01, max: 0.99, noNaN: true }), {
    minLength: 400,
    maxLength: 400,
  });
  fc.assert(
    fc.property(states, (chances) => {
      const filtered = Float64Array.from(chances.flatMap((chance) => [chance, 1 - chance]));
      // Each return is one of two, with even odds: the density of state 0 is 0.8 and 0.2, of state 1 the other way round.
      const logDensities = Float64Array.from(
        chances.flatMap((_, row) =>
          row % 2 === 0 ? [Math.log(0.8), Math.log(0.2)] : [Math.log(0.2), Math.log(0.8)],
        ),
      );
      const forecast = { states: 2, transition: Float64Array.of(1, 0, 0, 1), filtered };
      const { holdout } = memoryGain(forecast, logDensities, { trainRows: 200, holdoutFrom: 200 }, 1);
      assert.ok(holdout!.mean <= 3 * holdout!.standardError + 0.02, JSON.stringify(holdout));
    }),
    { numRuns: 30 },
  );
});

test('the probability of a span is that of the normal distribution, for either feature', () => {
  const model = gaussianHmm('diagonal', {
    start: [1],
    transition: [[1]],
    means: [[0.5, -4]],
    covariances: [[4, 0.01]],
  });
  near(stateProbability(model, 0, 0, { from: 0.5, to: Infinity }), 0.5, 1e-6);
  near(stateProbability(model, 0, 0, { from: -1.5, to: 2.5 }), 0.6826894921, 1e-6);
  near(stateProbability(model, 0, 1, { from: -4.2, to: -3.8 }), 0.9544997361, 1e-6);
  near(stateProbability(model, 0, 1, { from: 0, to: 10 }), 0, 1e-6);
});
