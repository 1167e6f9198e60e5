import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expectation } from '../expectation.ts';
import type { GaussianHmm } from '../gaussian-hmm.ts';
import { gaussianHmm } from '../model-parts.ts';
import { createRandom } from '../random.ts';
import { createWorkspace } from '../workspace.ts';

interface Case {
  readonly model: GaussianHmm;
  readonly values: Float64Array;
  readonly lengths: readonly number[];
}

/** The E step of the same rows with the kernel and without it. */
function bothWays({ model, values, lengths }: Case) {
  let first = 0;
  const spans = lengths.map((steps) => ({ first: (first += steps) - steps, steps }));
  const workspace = createWorkspace({ values, spans, scaling: model.scaling }, model);
  assert.equal(workspace.quick.size, lengths.length);
  return [workspace, { ...workspace, quick: new Map() }].map((each) => expectation(model, each)) as [
    ReturnType<typeof expectation>,
    ReturnType<typeof expectation>,
  ];
}

function assertSame(given: Case): void {
  const [kernel, plain] = bothWays(given);
  near(kernel.logLikelihood, plain.logLikelihood, 'log-likelihood');
  assert.equal(kernel.statistics.rows, plain.statistics.rows);
  for (const name of ['start', 'transition', 'occupancy', 'sums', 'products'] as const)
    for (const [index, value] of kernel.statistics[name].entries())
      near(value, plain.statistics[name][index]!, `${name} ${index}`);
}

function near(actual: number, expected: number, what: string): void {
  assert.ok(
    Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${what}: ${actual}, not ${expected}`,
  );
}

function modelOf(
  covariance: 'diagonal' | 'full',
  states: number,
  dimensions: number,
  stay: number,
): GaussianHmm {
  const each = <T>(make: (state: number) => T) => Array.from({ length: states }, (_, state) => make(state));
  const leave = states === 1 ? 0 : (1 - stay) / (states - 1);
  return gaussianHmm(covariance, {
    start: each(() => 1 / states),
    transition: each((from) => each((to) => (states === 1 ? 1 : from === to ? stay : leave))),
    means: each((state) => Array.from({ length: dimensions }, (_, d) => state - 0.3 * d)),
    covariances:
      covariance === 'diagonal'
        ? each((state) => Array.from({ length: dimensions }, () => 0.5 + state))
        : each((state) =>
            Array.from({ length: dimensions }, (_, a) =>
              Array.from({ length: dimensions }, (_unused, b) => (a === b ? 0.7 + state : 0.2)),
            ),
          ),
  });
}

function rowsOf(count: number, dimensions: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: count * dimensions }, () => 6 * (random.uniform() - 0.4));
}

const shapes = fc.record({
  covariance: fc.constantFrom('diagonal' as const, 'full' as const),
  states: fc.integer({ min: 1, max: 8 }),
  dimensions: fc.integer({ min: 1, max: 8 }),
  stay: fc.constantFrom(0.5, 0.97, 0.9999),
  lengths: fc.array(fc.integer({ min: 1_024, max: 2_200 }), { minLength: 1, maxLength: 2 }),
  seed: fc.nat(1_000),
});

test('the kernel adds up what plain code adds up, for every shape of model and any number of rows', () => {
  fc.assert(
    fc.property(shapes, ({ covariance, states, dimensions, stay, lengths, seed }) => {
      const rows = lengths.reduce((sum, steps) => sum + steps, 0);
      const model = modelOf(covariance, states, dimensions, stay);
      assertSame({ model, values: rowsOf(rows, dimensions, seed), lengths });
    }),
    { numRuns: 60 },
  );
});

test('a chain that never forgets is passed over twice, and once its first guess is found wrong', () => {
  const model = gaussianHmm('diagonal', {
    start: [0.9, 0.1],
    transition: [
      [1 - 1e-12, 1e-12],
      [1e-12, 1 - 1e-12],
    ],
    means: [[0], [1e-6]],
    covariances: [[1], [1]],
  });
  assertSame({ model, values: rowsOf(3_001, 1, 5), lengths: [3_001] });
});

/** Starts in the first state and never comes back to it. */
const forward = (mean: number) =>
  gaussianHmm('diagonal', {
    start: [1, 0],
    transition: [
      [0.999, 0.001],
      [0, 1],
    ],
    means: [[0], [mean]],
    covariances: [[1], [1e-4]],
  });

test('a chain that only goes forward, and one that cannot make what it sees, agree too', () => {
  const values = rowsOf(2_000, 1, 9);
  assertSame({ model: forward(0.5), values, lengths: [2_000] });
  const late = Float64Array.from(values, (value, row) => (row < 900 ? 50 : value));
  assertSame({ model: forward(50), values: late, lengths: [2_000] });
});

test('a row a million deviations away loses nothing', () => {
  const values = rowsOf(1_500, 2, 3);
  values[1_000] = 1e6;
  assertSame({ model: modelOf('full', 3, 2, 0.95), values, lengths: [1_500] });
});
