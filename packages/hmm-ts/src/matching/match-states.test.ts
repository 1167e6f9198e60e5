import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  alignStates,
  categoricalHmm,
  createRandom,
  emissionDistances,
  fit,
  gaussianHmm,
  infer,
  matchStates,
  rescale,
  sample,
  stateMeans,
  studentTHmm,
  sufficientStatistics,
  type GaussianHmm,
} from '../index.ts';

/** A model of one feature with these means and deviations. */
function modelOf(states: readonly { mean: number; deviation: number }[]): GaussianHmm {
  const share = 1 / states.length;
  return gaussianHmm('diagonal', {
    start: states.map(() => share),
    transition: states.map(() => states.map(() => share)),
    means: states.map(({ mean }) => [mean]),
    covariances: states.map(({ deviation }) => [deviation ** 2]),
  });
}

const state = fc.record({
  mean: fc.double({ min: -10, max: 10, noNaN: true }),
  deviation: fc.double({ min: 0.1, max: 10, noNaN: true }),
});
const model = fc.array(state, { minLength: 1, maxLength: 5 }).map(modelOf);

/** Least total over every way to pair states or leave them alone, each pair that is left out counting `distanceMax`. */
function bruteForce(distances: Float64Array, columns: number, distanceMax: number): number {
  const rows = distances.length / columns;
  const from = (row: number, taken: readonly number[]): number => {
    if (row === rows) return 0;
    let least = distanceMax + from(row + 1, taken);
    for (let column = 0; column < columns; column++)
      if (!taken.includes(column) && distances[row * columns + column]! <= distanceMax)
        least = Math.min(least, distances[row * columns + column]! + from(row + 1, [...taken, column]));
    return least;
  };
  return from(0, []);
}

test('no other matching has less distance in all, counting the unmatched', () => {
  fc.assert(
    fc.property(model, model, fc.double({ min: 0.1, max: 50, noNaN: true }), (a, b, distanceMax) => {
      const { pairs, lost, added } = matchStates(a, b, { distanceMax });
      const unmatched = Math.min(a.states, b.states) - pairs.length;
      const total = pairs.reduce((sum, { distance }) => sum + distance, unmatched * distanceMax);
      const few = Math.abs(a.states - b.states) * (a.states > b.states ? distanceMax : 0);
      const least = bruteForce(emissionDistances(a, b), b.states, distanceMax);
      assert.ok(Math.abs(total + few - least) < 1e-9 * (1 + least), `${total + few} is not ${least}`);
      const champions = [...pairs.map((pair) => pair.champion), ...lost].toSorted((x, y) => x - y);
      const challengers = [...pairs.map((pair) => pair.challenger), ...added].toSorted((x, y) => x - y);
      assert.deepEqual(champions, Array.from(champions.keys()).slice(0, a.states));
      assert.deepEqual(
        challengers,
        Array.from({ length: b.states }, (_, index) => index),
      );
    }),
    { numRuns: 300 },
  );
});

test('the distance is the divergence both ways, in any units', () => {
  fc.assert(
    fc.property(model, model, (a, b) => {
      const there = emissionDistances(a, b);
      const back = emissionDistances(b, a);
      const units = { offsets: Float64Array.of(3), scales: Float64Array.of(0.01) };
      const moved = emissionDistances(a, rescale(b, units));
      there.forEach((distance, index) => {
        const close = (other: number) => Math.abs(other - distance) <= 1e-6 * (1 + distance);
        const [i, j] = [Math.floor(index / b.states), index % b.states];
        assert.ok(close(back[j * a.states + i]!) && close(moved[index]!));
      });
    }),
  );
  const calm = modelOf([{ mean: 0, deviation: 1 }]);
  assert.ok(Math.abs(emissionDistances(calm, modelOf([{ mean: 2, deviation: 1 }]))[0]! - 4) < 1e-12);
  assert.ok(Math.abs(emissionDistances(calm, modelOf([{ mean: 0, deviation: 2 }]))[0]! - 1.125) < 1e-12);
});

function whole(covariance: number[][], means: number[]): GaussianHmm {
  return gaussianHmm('full', { start: [1], transition: [[1]], means: [means], covariances: [covariance] });
}

test('full covariances: the divergence that the density ratio has on average', () => {
  const a = whole(
    [
      [2, 0.9],
      [0.9, 1],
    ],
    [0, 0],
  );
  const b = whole(
    [
      [1, -0.4],
      [-0.4, 1.5],
    ],
    [0.5, -1],
  );
  const rows = 60_000;
  const gain = (of: GaussianHmm, other: GaussianHmm, seed: number) => {
    const drawn = sample(of, rows, createRandom(seed));
    return (infer(of, drawn).logLikelihood - infer(other, drawn).logLikelihood) / rows;
  };
  const drawn = gain(a, b, 1) + gain(b, a, 2);
  const [exact] = emissionDistances(a, b);
  assert.ok(Math.abs(drawn / exact! - 1) < 0.02, `${drawn} drawn, ${exact} computed`);
});

test('a retrained model keeps its labels, whatever the order of its states and of its statistics', () => {
  const champion = modelOf([
    { mean: 0, deviation: 1 },
    { mean: 1, deviation: 3 },
    { mean: -2, deviation: 8 },
  ]);
  const rows = sample(champion, 2_000, createRandom(4));
  const shuffled = modelOf([
    { mean: -2.2, deviation: 7 },
    { mean: 0.1, deviation: 1.1 },
    { mean: 1.1, deviation: 2.8 },
  ]);
  const challenger = { model: shuffled, statistics: sufficientStatistics(shuffled, rows) };
  const match = matchStates(champion, challenger.model);
  const aligned = alignStates(challenger, match);
  assert.deepEqual(aligned.labels, [0, 1, 2]);
  assert.deepEqual([...stateMeans(aligned.model)], [0.1, 1.1, -2.2]);
  const again = sufficientStatistics(aligned.model, rows);
  again.occupancy.forEach((own, at) =>
    assert.ok(Math.abs(own - aligned.statistics.occupancy[at]!) < 1e-6 * own),
  );
  assert.deepEqual(
    matchStates(champion, aligned.model).pairs.map((pair) => pair.challenger),
    [0, 1, 2],
  );
});

test('states without a counterpart are named: another number of states, or too far apart', () => {
  const champion = modelOf([
    { mean: 0, deviation: 1 },
    { mean: 0, deviation: 4 },
  ]);
  const challenger = modelOf([
    { mean: 90, deviation: 1 },
    { mean: 0, deviation: 1.1 },
    { mean: 0, deviation: 30 },
  ]);
  const match = matchStates(champion, challenger);
  assert.deepEqual(
    match.pairs.map(({ champion: own, challenger: other }) => [own, other]),
    [[0, 1]],
  );
  assert.deepEqual([match.lost, match.added], [[1], [0, 2]]);
  const statistics = sufficientStatistics(challenger, { dimensions: 1, values: Float64Array.of(0, 1, 90) });
  const aligned = alignStates({ model: challenger, statistics }, match);
  assert.deepEqual(aligned.labels, [0, null, null]);
  assert.deepEqual([...stateMeans(aligned.model)], [0, 90, 0]);
});

function coin(heads: number) {
  return categoricalHmm({ start: [1], transition: [[1]], probabilities: [[[heads, 1 - heads]]] });
}

test('other families are compared by their moments, symbols by their probabilities', () => {
  const parts = { start: [1], transition: [[1]], means: [[0]] };
  const heavy = studentTHmm({ ...parts, dispersions: [[2]], freedoms: [4] });
  assert.ok(Math.abs(emissionDistances(heavy, modelOf([{ mean: 0, deviation: 2 }]))[0]!) < 1e-12);
  const expected = 0.4 * (Math.log(0.9 / 0.5) - Math.log(0.1 / 0.5));
  assert.ok(Math.abs(emissionDistances(coin(0.9), coin(0.5))[0]! - expected) < 1e-12);
  assert.equal(emissionDistances(coin(1), coin(0.5))[0], Infinity);
  assert.deepEqual(matchStates(coin(1), coin(0.5)).lost, [0]);
  assert.throws(() => matchStates(coin(0.5), modelOf([{ mean: 0, deviation: 1 }])), { code: 'bad_shape' });
  assert.throws(() => matchStates(heavy, heavy, { distanceMax: 0 }), { code: 'bad_option' });
});

test('labels come out the same from every seed', () => {
  const champion = modelOf([
    { mean: 0.1, deviation: 0.5 },
    { mean: -0.2, deviation: 2 },
  ]);
  const rows = sample(champion, 1_500, createRandom(8));
  for (let seed = 0; seed < 20; seed++) {
    const found = fit(rows, { states: 2, seed, restarts: 2 });
    assert.deepEqual(
      matchStates(champion, found.model).pairs.map((pair) => pair.challenger),
      [0, 1],
    );
  }
});
