import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { emissionsOf } from './emissions.ts';
import { emptyStatistics } from './empty-statistics.ts';
import { expectation } from './expectation.ts';
import type { GaussianHmm } from './gaussian-hmm.ts';
import { gaussianHmm } from './model-parts.ts';
import { createRandom } from './random.ts';
import { lanesOf } from './wasm/lanes-of.ts';
import type { KernelShape } from './wasm/layout.ts';
import { ARITHMETICS, createWorkspace, type Workspace } from './workspace.ts';

interface Case {
  readonly model: GaussianHmm;
  readonly values: Float64Array;
  readonly lengths: readonly number[];
}

/** Every quick way adds up what is added up step by step; answers the sequences that went quickly, for each way. */
function assertSame({ model, values, lengths }: Case): number[] {
  let first = 0;
  const spans = lengths.map((steps) => ({ first: (first += steps) - steps, steps }));
  return ARITHMETICS.map((arithmetic) => {
    const workspace = createWorkspace({ values, spans, scaling: model.scaling }, model, arithmetic);
    const { counted, quickly } = counting(workspace);
    const quick = expectation(model, counted);
    const slow = expectation(model, { ...workspace, quick: new Map() });
    near(quick.logLikelihood, slow.logLikelihood, `${arithmetic}, log-likelihood`);
    assert.equal(quick.statistics.rows, slow.statistics.rows);
    for (const name of ['start', 'transition', 'occupancy', 'sums', 'products'] as const)
      for (const [index, value] of quick.statistics[name].entries())
        near(value, slow.statistics[name][index]!, `${arithmetic}, ${name} ${index}`);
    return quickly();
  });
}

function counting(workspace: Workspace): { counted: Workspace; quickly: () => number } {
  let count = 0;
  const quick: Workspace['quick'] = new Map(
    [...workspace.quick].map(([span, way]) => [
      span,
      (...given) => {
        const found = way(...given);
        if (found !== undefined) count += 1;
        return found;
      },
    ]),
  );
  return { counted: { ...workspace, quick }, quickly: () => count };
}

function near(actual: number, expected: number, what: string): void {
  assert.ok(
    Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${what}: ${actual}, not ${expected}`,
  );
}

interface Shape {
  readonly covariance: 'diagonal' | 'full';
  readonly states: number;
  readonly dimensions: number;
  readonly stay: number;
}

const shares = (weights: number[]) => weights.map((weight) => weight / weights.reduce((a, b) => a + b));

function modelOf({ covariance, states, dimensions, stay }: Shape): GaussianHmm {
  const each = <T>(make: (state: number) => T) => Array.from({ length: states }, (_, state) => make(state));
  // Nothing symmetric, so that no index can be taken for another.
  const leaving = (from: number) =>
    shares(each((to) => (from === to ? 0 : 1 + ((2 * from + to) % 3)))).map((share) => share * (1 - stay));
  return gaussianHmm(covariance, {
    start: shares(each((state) => 1 + state)),
    transition: each((from) => leaving(from).map((share, to) => (from === to ? stay : share))),
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

const cases = fc.record({
  covariance: fc.constantFrom('diagonal' as const, 'full' as const),
  states: fc.integer({ min: 2, max: 9 }),
  dimensions: fc.integer({ min: 1, max: 9 }),
  stay: fc.constantFrom(0.5, 0.97, 0.9999),
  lengths: fc.array(
    fc.oneof(
      fc.integer({ min: 640, max: 2_200 }),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(511, 512, 513),
    ),
    { minLength: 1, maxLength: 3 },
  ),
  seed: fc.nat(1_000),
});

test('every quick way adds up the same, for every shape of model and any number of rows', () => {
  fc.assert(
    fc.property(cases, ({ lengths, seed, ...shape }) => {
      const rows = lengths.reduce((sum, steps) => sum + steps, 0);
      const values = rowsOf(rows, shape.dimensions, seed);
      const quickly = assertSame({ model: modelOf(shape), values, lengths });
      assert.deepEqual(quickly, [lengths.length, lengths.length]);
    }),
    { numRuns: 80 },
  );
});

test('a single state needs no chain', () => {
  const model = gaussianHmm('full', {
    start: [1],
    transition: [[1]],
    means: [[0.3, 0.2]],
    covariances: [
      [
        [2, 0.5],
        [0.5, 1],
      ],
    ],
  });
  assert.deepEqual(assertSame({ model, values: rowsOf(1_301, 2, 6), lengths: [1_101, 200] }), [1, 0]);
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
  assert.deepEqual(assertSame({ model, values: rowsOf(3_001, 1, 5), lengths: [3_001] }), [1, 1]);
});

test('a chain that hardly forgets does not begin its second half with a rare state that is a little wrong', () => {
  for (const { lengths, seed, ...shape } of [
    { covariance: 'diagonal', states: 6, dimensions: 4, stay: 0.9999, lengths: [1_283], seed: 146 },
    { covariance: 'full', states: 7, dimensions: 4, stay: 0.9999, lengths: [1_838], seed: 179 },
    { covariance: 'full', states: 8, dimensions: 4, stay: 0.99999, lengths: [1_626], seed: 1_009 },
  ] as const)
    assertSame({ model: modelOf(shape), values: rowsOf(lengths[0], shape.dimensions, seed), lengths });
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

test('a state that cannot be reached changes nothing, however well it would explain the rows', () => {
  const model = gaussianHmm('diagonal', {
    start: [1, 0],
    transition: [
      [1, 0],
      [0, 1],
    ],
    means: [[0], [5]],
    covariances: [[1], [1]],
  });
  const values = rowsOf(2_000, 1, 4).map((value) => value + 5);
  assertSame({ model, values, lengths: [2_000] });
  const { statistics, logLikelihood } = expectation(
    model,
    createWorkspace({ values, spans: [{ first: 0, steps: 2_000 }], scaling: model.scaling }, model),
  );
  near(statistics.occupancy[0]!, 2_000, 'occupancy');
  assert.deepEqual([...statistics.transition], [1_999, 0, 0, 0]);
  assert.ok(Number.isFinite(logLikelihood));
});

/** Neither the narrowest nor the broadest state can be reached, and the broadest is never left. */
const sparse = gaussianHmm('diagonal', {
  start: [0, 0, 1, 0],
  transition: [
    [0.01, 0.01, 0.04, 0.94],
    [0, 0.63, 0.37, 0],
    [0, 1, 0, 0],
    [0, 0, 0, 1],
  ],
  means: [
    [-1.45, -0.87, -1.13, -1.65],
    [-1.33, -1.85, 1.74, 0.35],
    [0.32, 0.75, -0.24, -0.8],
    [-0.89, -0.64, -0.02, -0.3],
  ],
  covariances: [0.05, 1.46, 3.8, 9.03].map((variance) => Array.from({ length: 4 }, () => variance)),
});

test('what a state that cannot be reached would explain grows beyond all numbers, and none of it comes out', () => {
  for (let seed = 0; seed < 5; seed++)
    assertSame({ model: sparse, values: rowsOf(1_184, 4, seed), lengths: [1_184] });
});

test('rows that only next to impossible states lead to are refused, with no number that is none', () => {
  const lost = gaussianHmm('diagonal', {
    start: [0.5, 0.5],
    transition: [
      [1, 0],
      [0, 1],
    ],
    means: [[0], [1]],
    covariances: [[1], [1]],
  });
  // The first rows leave the second state a probability of 1e-309, and the last ones could be nothing else.
  const values = Float64Array.of(-355.5, -355.5, 1e5);
  const rows = { values, spans: [{ first: 0, steps: 3 }], scaling: lost.scaling };
  const workspace = { ...createWorkspace(rows, lost), quick: new Map() };
  assert.throws(() => expectation(lost, workspace), {
    code: 'impossible_observation',
    message: /next to impossible states/,
  });
});

test('a row a million deviations away loses nothing', () => {
  const values = rowsOf(1_500, 2, 3);
  values[1_000] = 1e6;
  const model = modelOf({ covariance: 'full', states: 3, dimensions: 2, stay: 0.95 });
  assert.deepEqual(assertSame({ model, values, lengths: [1_500] }), [1, 1]);
});

test('states that are all alike, and one that is far narrower than the broadest', () => {
  const alike = gaussianHmm('diagonal', {
    start: [0.5, 0.5],
    transition: [
      [0.9, 0.1],
      [0.2, 0.8],
    ],
    means: [[1], [1]],
    covariances: [[2], [2]],
  });
  assert.deepEqual(assertSame({ model: alike, values: rowsOf(1_200, 1, 8), lengths: [1_200] }), [1, 1]);
  const narrow = gaussianHmm('diagonal', {
    start: [0.5, 0.5],
    transition: [
      [0.9, 0.1],
      [0.2, 0.8],
    ],
    means: [
      [0, 0],
      [0, 0],
    ],
    covariances: [
      [1, 1],
      [1e-14, 1e-14],
    ],
  });
  const values = rowsOf(1_200, 2, 8).map((value, index) => (index % 50 < 20 ? value * 1e-8 : value));
  assert.deepEqual(assertSame({ model: narrow, values, lengths: [1_200] }), [1, 1]);
});

test('states that lie far from one another are kept apart by the kernel, too', () => {
  const model = gaussianHmm('diagonal', {
    start: [0.2, 0.3, 0.5],
    transition: [
      [0.9, 0.06, 0.04],
      [0.03, 0.95, 0.02],
      [0.05, 0.01, 0.94],
    ],
    means: [
      [0, -1],
      [1, 0],
      [-1, 1.5],
    ],
    covariances: [
      [4, 0.004],
      [2, 0.005],
      [1, 0.006],
    ],
  });
  const means = [-1, 0, 1.5];
  const random = createRandom(21);
  // A hundred rows of each state in turn, whose second value is far outside of both others.
  const values = Float64Array.from({ length: 2 * 1_201 }, (_, index) => {
    const spread = random.uniform() - 0.5;
    return index % 2 === 0 ? 3 * spread : means[Math.floor(index / 200) % 3]! + 0.2 * spread;
  });
  assert.deepEqual(assertSame({ model, values, lengths: [1_201] }), [1, 1]);
  const spans = [{ first: 0, steps: 1_201 }];
  const byKernel = (anchor: KernelShape['anchor']) => {
    const shape = { states: 3, dimensions: 2, covariance: 'diagonal', anchor } as const;
    const [way] = lanesOf({ values, spans, scaling: model.scaling }, shape).values();
    return way?.(model, emissionsOf(model), emptyStatistics(model));
  };
  assert.equal(byKernel('first'), undefined, 'not a case for it');
  const { logLikelihood } = expectation(model, {
    ...createWorkspace({ values, spans, scaling: model.scaling }, model),
    quick: new Map(),
  });
  near(byKernel('largest') ?? Number.NaN, logLikelihood, 'log-likelihood');
});

test('a million rows, whose likelihood is far below the least number, are summed up', () => {
  const model = modelOf({ covariance: 'diagonal', states: 2, dimensions: 1, stay: 0.97 });
  const values = rowsOf(1_000_000, 1, 2);
  assert.deepEqual(assertSame({ model, values, lengths: [1_000_000] }), [1, 1]);
});
