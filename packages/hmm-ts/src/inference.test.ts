import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { forwardBackward, HmmError, markovChain, viterbi, type MarkovChain } from './index.ts';

const probabilities = (states: number) =>
  fc
    .array(fc.integer({ min: 0, max: 20 }), { minLength: states, maxLength: states })
    .filter((weights) => weights.some((weight) => weight > 0))
    .map((weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return weights.map((weight) => weight / total);
    });

const smallProblem = fc
  .record({ states: fc.integer({ min: 1, max: 3 }), steps: fc.integer({ min: 1, max: 6 }) })
  .chain(({ states, steps }) =>
    fc.record({
      chain: fc
        .tuple(
          probabilities(states),
          fc.array(probabilities(states), { minLength: states, maxLength: states }),
        )
        .map(([start, transition]) => markovChain(start, transition)),
      // Far apart, so that the rescue in logarithms is tried too; but beyond 700 nats the smaller of two densities is
      // subnormal in float64 and keeps fewer than the nine digits that are compared.
      logDensities: fc
        .array(fc.double({ min: -650, max: 5, noNaN: true }), {
          minLength: states * steps,
          maxLength: states * steps,
        })
        .map((values) => Float64Array.from(values)),
    }),
  );

interface Enumerated {
  readonly path: number[];
  readonly logProbability: number;
}

function everyPath(chain: MarkovChain, logDensities: Float64Array): Enumerated[] {
  const { states } = chain;
  const steps = logDensities.length / states;
  return Array.from({ length: states ** steps }, (_, code) => {
    const path = Array.from({ length: steps }, (__, step) => Math.floor(code / states ** step) % states);
    const logProbability = path.reduce((total, state, step) => {
      const before = path[step - 1];
      const move = before === undefined ? chain.start[state]! : chain.transition[before * states + state]!;
      return total + Math.log(move) + logDensities[step * states + state]!;
    }, 0);
    return { path, logProbability };
  });
}

function logSum(values: readonly number[]): number {
  const top = Math.max(...values);
  if (top === -Infinity) return top;
  return top + Math.log(values.reduce((total, value) => total + Math.exp(value - top), 0));
}

function share(paths: readonly Enumerated[], has: (path: readonly number[]) => boolean): number {
  const total = logSum(paths.map((path) => path.logProbability));
  return Math.exp(logSum(paths.filter((each) => has(each.path)).map((each) => each.logProbability)) - total);
}

const near = (actual: number, expected: number, what: string) =>
  assert.ok(
    Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${what}: ${actual} is not ${expected}`,
  );

test('filter, smoother, transitions and best path agree with the enumeration of every path', () => {
  fc.assert(
    fc.property(smallProblem, ({ chain, logDensities }) => {
      const { states } = chain;
      const steps = logDensities.length / states;
      const paths = everyPath(chain, logDensities);
      const posterior = forwardBackward(chain, logDensities);
      near(posterior.logLikelihood, logSum(paths.map((path) => path.logProbability)), 'logLikelihood');
      for (let step = 0; step < steps; step++) {
        const known = everyPath(chain, logDensities.subarray(0, (step + 1) * states));
        for (let state = 0; state < states; state++) {
          const at = step * states + state;
          near(
            posterior.filtered[at]!,
            share(known, (path) => path[step] === state),
            'filtered',
          );
          near(
            posterior.smoothed[at]!,
            share(paths, (path) => path[step] === state),
            'smoothed',
          );
        }
      }
      for (let pair = 0; pair < states * states; pair++) {
        const [from, to] = [Math.floor(pair / states), pair % states];
        let expected = 0;
        for (let step = 1; step < steps; step++)
          expected += share(paths, (path) => path[step - 1] === from && path[step] === to);
        near(posterior.transitions[pair]!, expected, 'transitions');
      }
      const best = Math.max(...paths.map((path) => path.logProbability));
      near(viterbi(chain, logDensities).logProbability, best, 'viterbi');
    }),
    { numRuns: 300 },
  );
});

test('a sequence that no path can make is refused by name', () => {
  const chain = markovChain(
    [1, 0],
    [
      [1, 0],
      [0, 1],
    ],
  );
  const logDensities = Float64Array.of(-Infinity, 0);
  assert.throws(() => forwardBackward(chain, logDensities), { code: 'impossible_observation' });
  assert.throws(() => viterbi(chain, logDensities), { code: 'impossible_observation' });
});

test('identity transitions and impossible observations: the posterior moves only where it can', () => {
  const chain = markovChain(
    [1 / 3, 1 / 3, 1 / 3],
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  );
  const never = -Infinity;
  const logDensities = Float64Array.from([0, 0, 0, 0, 0, 0, never, 0, never, 0, 0, 0]);
  const { filtered } = forwardBackward(chain, logDensities);
  assert.deepEqual([...filtered.subarray(6)], [0, 1, 0, 0, 1, 0]);
  assert.ok(Math.abs(filtered[0]! - 1 / 3) < 1e-15);
});

test('a chain whose rows are no distributions is refused', () => {
  assert.throws(
    () =>
      markovChain(
        [0.5, 0.6],
        [
          [1, 0],
          [0, 1],
        ],
      ),
    HmmError,
  );
  assert.throws(() => markovChain([0.5, 0.5], [[1, 0]]), /transition must be 2 rows of 2/);
  assert.throws(() => markovChain([1], [[Number.NaN]]), /transition row 0/);
});
