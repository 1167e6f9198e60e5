import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  createRandom,
  fit,
  fitFrom,
  gaussianHmm,
  HmmError,
  infer,
  modelFromJson,
  modelToJson,
  parameterCount,
  rescale,
  stateDeviations,
  stateMeans,
  statisticsFromJson,
  statisticsToJson,
  streamFilter,
  type Covariance,
  type GaussianHmm,
} from './index.ts';

function normal(random: ReturnType<typeof createRandom>): number {
  return Math.sqrt(-2 * Math.log(random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

/** Rows of a two-state model with unit-free features: calm (deviation 0.0005) and wild (0.002), as returns have them. */
function simulate(rows: number, seed: number): { values: Float64Array; states: Int32Array } {
  const random = createRandom(seed);
  const values = new Float64Array(rows * 2);
  const states = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const before = row === 0 ? 0 : states[row - 1]!;
    states[row] = random.uniform() < 0.97 ? before : 1 - before;
    const wild = states[row] === 1;
    values[row * 2] = (wild ? -0.001 : 0.0003) + (wild ? 0.002 : 0.0005) * normal(random);
    values[row * 2 + 1] = (wild ? 25 : 10) + 3 * normal(random);
  }
  return { values, states };
}

for (const covariance of ['diagonal', 'full'] as const)
  test(`${covariance}: finds the parameters that made the data, calmest state first`, () => {
    const { values, states } = simulate(4_000, 7);
    const found = fit({ dimensions: 2, values }, { states: 2, covariance, restarts: 4, finalists: 2 });
    assert.equal(found.converged, true);
    const deviations = stateDeviations(found.model);
    const means = stateMeans(found.model);
    assert.ok(Math.abs(deviations[0]! / 0.0005 - 1) < 0.05, `calm deviation ${deviations[0]}`);
    assert.ok(Math.abs(deviations[2]! / 0.002 - 1) < 0.05, `wild deviation ${deviations[2]}`);
    assert.ok(Math.abs(means[1]! - 10) < 0.3 && Math.abs(means[3]! - 25) < 0.3);
    const { filtered } = infer(found.model, { dimensions: 2, values });
    const right = states.filter((state, row) => (filtered[row * 2 + 1]! > 0.5 ? 1 : 0) === state).length;
    assert.ok(right / states.length > 0.97, `filtered accuracy ${right / states.length}`);
  });

const noise = fc.record({
  rows: fc.integer({ min: 60, max: 160 }),
  dimensions: fc.integer({ min: 1, max: 3 }),
  states: fc.integer({ min: 1, max: 3 }),
  covariance: fc.constantFrom<Covariance>('diagonal', 'full'),
  seed: fc.integer(),
});

function draw({ rows, dimensions, seed }: { rows: number; dimensions: number; seed: number }) {
  const random = createRandom(seed);
  const values = Float64Array.from({ length: rows * dimensions }, (_, index) =>
    index > (rows * dimensions) / 2 ? 3 * normal(random) : normal(random) - 1,
  );
  return { dimensions, values };
}

test('an iteration of EM never makes the log-likelihood fall, and the history ends at the model', () => {
  fc.assert(
    fc.property(noise, (problem) => {
      const observations = draw(problem);
      const found = fit(observations, { ...problem, restarts: 2, finalists: 1, iterationsMax: 40 });
      found.history.forEach((value, index) => {
        const before = found.history[index - 1] ?? -Infinity;
        assert.ok(value >= before - 1e-9 * Math.abs(before), `fell from ${before} to ${value}`);
      });
      const { logLikelihood } = infer(found.model, observations);
      assert.ok(Math.abs(found.logLikelihood - logLikelihood) <= 1e-9 * Math.abs(logLikelihood));
      const penalty = parameterCount(found.model) * Math.log(problem.rows);
      assert.ok(Math.abs(found.bic - (penalty - 2 * found.logLikelihood)) < 1e-9);
    }),
    { numRuns: 40 },
  );
});

test('row by row, the stream filter gives what the batch filter gives', () => {
  fc.assert(
    fc.property(noise, (problem) => {
      const observations = draw(problem);
      const { dimensions, values } = observations;
      const { model } = fit(observations, { ...problem, restarts: 1, iterationsMax: 5 });
      const batch = infer(model, observations);
      const filter = streamFilter(model);
      let state = filter.initial;
      for (let row = 0; row < problem.rows; row++) {
        state = filter.filterStep(state, values.subarray(row * dimensions, (row + 1) * dimensions));
        state.probabilities.forEach((probability, index) =>
          assert.ok(Math.abs(probability - batch.filtered[row * model.states + index]!) <= 1e-12),
        );
      }
      assert.ok(Math.abs(state.logLikelihood - batch.logLikelihood) < 1e-9 * problem.rows);
    }),
    { numRuns: 30 },
  );
});

test('a model and its statistics come back from JSON bit for bit', () => {
  fc.assert(
    fc.property(noise, (problem) => {
      const { model, statistics } = fit(draw(problem), { ...problem, restarts: 1, iterationsMax: 3 });
      const text = JSON.stringify(modelToJson(model));
      const back = modelFromJson(JSON.parse(text));
      assert.equal(JSON.stringify(modelToJson(back)), text);
      assert.deepEqual(back, model);
      assert.deepEqual(
        statisticsFromJson(JSON.parse(JSON.stringify(statisticsToJson(statistics)))),
        statistics,
      );
    }),
    { numRuns: 20 },
  );
});

test('the same seed gives the same bits', () => {
  const observations = { dimensions: 2, values: simulate(500, 3).values };
  const once = fit(observations, { states: 3, seed: 5, restarts: 3, iterationsMax: 20 });
  const again = fit(observations, { states: 3, seed: 5, restarts: 3, iterationsMax: 20 });
  assert.deepEqual(again, once);
});

test('several sequences: no transition is counted from the end of one to the start of the next', () => {
  const values = Float64Array.from([0, 0.1, -0.1, 0, 5, 5.1, 4.9, 5]);
  const start = gaussianHmm('diagonal', {
    start: [0.5, 0.5],
    transition: [
      [0.9, 0.1],
      [0.1, 0.9],
    ],
    means: [[0], [5]],
    covariances: [[1], [1]],
  });
  const apart = fitFrom(start, { dimensions: 1, values, lengths: [4, 4] }, { iterationsMax: 20 });
  const together = fitFrom(start, { dimensions: 1, values }, { iterationsMax: 20 });
  assert.ok(apart.model.transition[1]! < 1e-6);
  assert.ok(together.model.transition[1]! > 0.2);
  assert.ok(Math.abs(apart.model.start[0]! - 0.5) < 1e-6);
});

const single = (values: readonly number[]) => ({ dimensions: 1, values: Float64Array.from(values) });
const many = Array.from({ length: 100 }, (_, index) => Math.sin(index * 1.7));

test('outliers, constant features and repeated rows give a finite, sound model', () => {
  const outlier = fit(single([...many, 1e6]), { states: 3 });
  const constant = fit(
    { dimensions: 2, values: Float64Array.from(many.flatMap((value) => [value, 4])) },
    { states: 2 },
  );
  const repeated = fit(single(many.map((_, index) => index % 2)), { states: 3 });
  const stuck = fit(
    { dimensions: 2, values: Float64Array.from(many.flatMap((value) => [value, 2 * value])) },
    { states: 2, covariance: 'full' },
  );
  for (const found of [outlier, constant, repeated, stuck]) {
    assert.ok(Number.isFinite(found.logLikelihood));
    modelFromJson(modelToJson(found.model));
  }
});

test('data far from zero are fitted as well as data near it', () => {
  const { values } = simulate(1_000, 9);
  const near = fit({ dimensions: 2, values }, { states: 2, restarts: 2 });
  const far = fit({ dimensions: 2, values: values.map((value) => value + 1e4) }, { states: 2, restarts: 2 });
  assert.ok(Math.abs(near.logLikelihood - far.logLikelihood) < 1e-6 * Math.abs(near.logLikelihood));
});

function refused(run: () => unknown, code: string, message: RegExp): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof HmmError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}

test('what cannot be fitted is refused with a stable code and the name of the field', () => {
  refused(() => fit(single([...many, Number.NaN]), { states: 2 }), 'not_finite', /row 100, feature 0/);
  refused(() => fit(single([...many, Infinity]), { states: 2 }), 'not_finite', /Infinity/);
  refused(() => fit(single([1, 2, 3]), { states: 2 }), 'too_few_rows', /3 rows, at least 7/);
  refused(
    () => fit({ dimensions: 3, values: new Float64Array(100) }, { states: 2 }),
    'bad_shape',
    /whole rows/,
  );
  refused(() => fit({ ...single(many), lengths: [50] }, { states: 2 }), 'bad_shape', /lengths sum to 50/);
  refused(() => fit(single(many), { states: 0 }), 'bad_option', /states/);
  refused(() => fit(single(many), { states: 2, varianceFloor: 0 }), 'bad_option', /varianceFloor/);
  refused(() => fit(single(many), { states: 2, orderBy: 1 }), 'bad_option', /orderBy/);
});

test('a damaged model is refused by the name of the field', () => {
  const json = modelToJson(fit(single(many), { states: 2, restarts: 1 }).model);
  const damaged: [object, RegExp][] = [
    [{ format: 'gaussian_hmm/0' }, /format/],
    [{ means: [1] }, /means must hold 2 numbers/],
    [{ means: [1, null] }, /means must be an array of finite numbers/],
    [{ transition: [0.5, 0.4, 0.5, 0.5] }, /transition row 0 must sum to 1/],
    [{ covariances: [1, -1] }, /covariance of state 1/],
    [{ scaling: { offsets: [0], scales: [0] } }, /scales must be above zero/],
    [{ states: 1.5 }, /states must be a whole number/],
    [{ covariance: 'square' }, /"diagonal" or "tied" or "full"/],
  ];
  for (const [change, message] of damaged)
    refused(() => modelFromJson({ ...json, ...change }), 'bad_model', message);
  assert.throws(() => modelFromJson(null), HmmError);
});

test('another scaling changes the numbers of a model, not its meaning', () => {
  const observations = { dimensions: 2, values: simulate(300, 1).values };
  const { model } = fit(observations, { states: 2, covariance: 'full', restarts: 2 });
  const moved: GaussianHmm = rescale(model, {
    offsets: Float64Array.of(0.1, -5),
    scales: Float64Array.of(0.02, 7),
  });
  const before = infer(model, observations).logLikelihood;
  assert.ok(Math.abs(infer(moved, observations).logLikelihood - before) < 1e-8 * Math.abs(before));
});
